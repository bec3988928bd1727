// Reads, checks and runs queries for the tests (Caluma.Healthz.Tests/Infra): a line of JSON in, a line of JSON out.
//
//   in   {"query": "AppTraces | …", "tables": {"AppTraces": [{"Message": "…", …}, …]}, "without": ["AppExceptions", …]}
//   out  {"diagnostics": [{"severity", "message"}, …], "columns": {"name": "type", …}, "rows": [{…}, …], "unsupported": "…"}
//
// Reading and checking is Microsoft's own (@kusto/language-service-next), against the columns in schema.json. Running is not: it
// knows the operators and functions that our queries use, refuses all others, and leaves alone what Kusto's documentation
// leaves open. "without" names tables that the workspace does not have (yet).
"use strict";
require("@kusto/language-service-next/bridge.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.js");
const readline = require("node:readline");
const schema = require("./schema.json");

const { KustoCode, GlobalState, Symbols, Syntax } = Kusto.Language;
const { Array: Lists, Enum } = System;

const type = (name) => Symbols.ScalarTypes.GetSymbol(name);
const workspaces = new Map();
function workspace(without) {
  const found = Object.keys(schema).filter((name) => !without.includes(name));
  if (!workspaces.has(found.join())) {
    const tables = found.map((name) => new Symbols.TableSymbol.$ctor4(
      name, Object.entries(schema[name]).map(([column, of]) => new Symbols.ColumnSymbol(column, type(of), null, null, null, null))));
    workspaces.set(found.join(), GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", tables)));
  }
  return workspaces.get(found.join());
}

const kinds = new Map(); // Enum.toString searches all kinds for each node of each row.
function kind(node) {
  if (!kinds.has(node.Kind)) {
    kinds.set(node.Kind, Enum.toString(Syntax.SyntaxKind, node.Kind));
  }
  return kinds.get(node.Kind);
}

const list = (items) => Array.from({ length: Lists.getCount(items) }, (_, index) => Lists.getItem(items, index));
const children = (node) => Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index)).filter(Boolean);
const elements = (node) => children(node).map((child) => (kind(child) === "SeparatedElement" ? child.GetChild(0) : child));
const columns = (node) => list(node.ResultType.Columns).map((column) => column.Name);
const text = (node) => node.ToString(Syntax.IncludeTrivia.Minimal).trim();

function unsupported(what) {
  throw new Error(`${what} is not supported here`);
}

// ---- values: strings (never null, as in Kusto), numbers, booleans, Dates, Timespans, null

class Timespan {
  static #units = { d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1 };

  constructor(literal) {
    const [, count, unit] = /^(\d+)(d|h|ms|m|s)$/.exec(literal) ?? unsupported(`the timespan ${literal}`);
    this.milliseconds = count * Timespan.#units[unit];
  }
}

const comparable = (value) => (value instanceof Date ? value.getTime() : value instanceof Timespan ? value.milliseconds : value);
const key = (values) => JSON.stringify(values.map(comparable));

function compare(left, right) {
  const [a, b] = [comparable(left), comparable(right)];
  if (a === null || b === null) {
    return NaN; // A comparison with null is false, whichever it is.
  }
  if (typeof a !== typeof b) {
    unsupported(`comparing ${JSON.stringify(a)} with ${JSON.stringify(b)}`);
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

const conversions = {
  string: (part) => part,
  long: (part) => (/^-?\d+$/.test(part) ? Number(part) : undefined),
  bool: (part) => ({ true: true, false: false })[part.toLowerCase()],
  datetime: (part) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(part) && !Number.isNaN(Date.parse(part)) ? new Date(part) : undefined),
};

// ---- expressions

const literal = (node) => node.LiteralValue;
const operands = (node, row) => [evaluate(node.Left, row), evaluate(node.Right, row)];
const comparison = (holds) => (node, row) => holds(compare(...operands(node, row)));
const strings = (holds) => (node, row) => {
  const [left, right] = operands(node, row);
  return holds(left.toLowerCase(), right.toLowerCase());
};
const arithmetic = (of) => (node, row) => {
  const [left, right] = operands(node, row);
  return left === null || right === null ? null : of(left, right);
};

const expressions = {
  NameReference(node, row) {
    const name = text(node);
    return name in row ? row[name] : unsupported(`the name ${name}`);
  },
  StringLiteralExpression: literal,
  LongLiteralExpression: (node) => Number(text(node)),
  RealLiteralExpression: (node) => Number(text(node)),
  TimespanLiteralExpression: (node) => new Timespan(text(node)),
  ParenthesizedExpression: (node, row) => evaluate(node.Expression, row),
  PathExpression: (node, row) => evaluate(node.Expression, row)?.[text(node.Selector)] ?? null,
  SimpleNamedExpression: (node, row) => evaluate(node.Expression, row),
  AndExpression: (node, row) => evaluate(node.Left, row) && evaluate(node.Right, row),
  OrExpression: (node, row) => evaluate(node.Left, row) || evaluate(node.Right, row),
  EqualExpression: comparison((order) => order === 0),
  NotEqualExpression: comparison((order) => order !== 0),
  GreaterThanExpression: comparison((order) => order > 0),
  GreaterThanOrEqualExpression: comparison((order) => order >= 0),
  EqualTildeExpression: strings((left, right) => left === right),
  StartsWithExpression: strings((left, right) => left.startsWith(right)),
  MultiplyExpression: arithmetic((left, right) => left * right),
  DivideExpression: arithmetic((left, right) => left / right),
  FunctionCallExpression(node, row) {
    const name = text(node.Name);
    const call = functions[name] ?? unsupported(`the function ${name}`);
    return call(...elements(node.ArgumentList.Expressions).map((argument) => evaluate(argument, row)));
  },
};

let now = 0;

const functions = {
  ago: (time) => new Date(now - time.milliseconds),
  case(...branches) {
    const chosen = branches.findIndex((condition, index) => index % 2 === 0 && (condition === true || index === branches.length - 1));
    return branches[chosen === branches.length - 1 ? chosen : chosen + 1];
  },
  isempty: (value) => value === "",
  tostring: (value) => (typeof value === "string" ? value : value === null ? "" : JSON.stringify(value)),
  iff: (condition, then, otherwise) => (condition ? then : otherwise),
  trim_start: (pattern, value) => value.replace(new RegExp(`^(?:${pattern})`), ""),
  round: (value, digits) => (value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits),
  bin: (value, size) => new Date(Math.floor(value.getTime() / size.milliseconds) * size.milliseconds),
};

function evaluate(node, row) {
  const of = expressions[kind(node)] ?? unsupported(kind(node));
  return of(node, row);
}

// ---- aggregates: from the argument nodes and the rows of a group to the values of their columns

const values = (node, rows) => rows.map((row) => evaluate(node, row)).filter((value) => value !== null);
const best = (node, rows, better) => values(node, rows).reduce(
  (kept, value) => (kept === null || better(compare(value, kept)) ? value : kept), null);

const aggregates = {
  count: (rows) => [rows.length],
  countif: (rows, condition) => [rows.filter((row) => evaluate(condition, row)).length],
  dcount: (rows, of) => [new Set(values(of, rows).map((value) => key([value]))).size],
  max: (rows, of) => [best(of, rows, (order) => order > 0)],
  min: (rows, of) => [best(of, rows, (order) => order < 0)],
  arg_max(rows, of, ...others) {
    const top = rows.reduce((kept, row) => (kept === null || compare(evaluate(of, row), evaluate(of, kept)) > 0 ? row : kept), null);
    return [of, ...others].map((node) => (top === null ? null : evaluate(node, top)));
  },
  percentile(rows, of, rank) {
    const sorted = values(of, rows).sort(compare);
    return [sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil((evaluate(rank, {}) / 100) * sorted.length) - 1)]];
  },
};

// An aggregate, or an expression of several: `100.0 * countif(Ok) / count()`.
function aggregate(node, rows) {
  switch (kind(node)) {
    case "SimpleNamedExpression":
      return aggregate(node.Expression, rows);
    case "FunctionCallExpression": {
      const name = text(node.Name);
      const parameters = elements(node.ArgumentList.Expressions);
      return name in aggregates
        ? aggregates[name](rows, ...parameters)
        : [(functions[name] ?? unsupported(`the aggregate ${name}`))(...parameters.map((parameter) => aggregate(parameter, rows)[0]))];
    }
    case "MultiplyExpression":
      return [aggregate(node.Left, rows)[0] * aggregate(node.Right, rows)[0]];
    case "DivideExpression":
      return [aggregate(node.Left, rows)[0] / aggregate(node.Right, rows)[0]];
    default:
      return [evaluate(node, {})];
  }
}

// ---- operators: from rows to rows

const operators = {
  FilterOperator: (node, rows) => rows.filter((row) => evaluate(node.Condition, row) === true),

  ProjectOperator(node, rows) {
    const names = columns(node);
    const projected = elements(node.Expressions);
    return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, evaluate(projected[index], row)])));
  },

  ExtendOperator(node, rows) {
    const added = elements(node.Expressions);
    return rows.map((row) => added.reduce(
      (extended, expression) => Object.assign(extended, { [text(expression.Name)]: evaluate(expression.Expression, row) }), { ...row }));
  },

  // What has no partner on the right.
  JoinOperator(node, rows, data) {
    if (elements(node.Parameters).map(text).join() !== "kind=leftanti") {
      unsupported("a join that is not leftanti");
    }
    const pairs = elements(node.ConditionClause.Expressions).map((condition) => (kind(condition) === "EqualExpression"
      ? [condition.Left, condition.Right].map((side) => text(side).replace(/^\$(left|right)\./, ""))
      : [text(condition), text(condition)]));
    const partners = new Set(run(node.Expression, data).map((row) => key(pairs.map(([, right]) => row[right]))));
    return rows.filter((row) => !partners.has(key(pairs.map(([left]) => row[left]))));
  },

  SummarizeOperator(node, rows) {
    const names = columns(node);
    const by = node.ByClause ? elements(node.ByClause.Expressions) : [];
    const groups = new Map(by.length === 0 ? [[key([]), { head: [], rows: [] }]] : []); // Without "by" there is always a row.
    for (const row of rows) {
      const head = by.map((expression) => evaluate(expression, row));
      groups.set(key(head), groups.get(key(head)) ?? { head, rows: [] });
      groups.get(key(head)).rows.push(row);
    }
    return [...groups.values()].map((group) => {
      const all = [...group.head, ...elements(node.Aggregates).flatMap((expression) => aggregate(expression, group.rows))];
      return Object.fromEntries(names.map((name, index) => [name, all[index]]));
    });
  },

  SortOperator(node, rows) {
    const orders = elements(node.Expressions).map((ordered) => {
      const [by, direction] = kind(ordered) === "OrderedExpression" ? [ordered.Expression, text(ordered.Ordering)] : [ordered, "desc"];
      return (left, right) => compare(evaluate(by, left), evaluate(by, right)) * (direction === "asc" ? 1 : -1);
    });
    return [...rows].sort((left, right) => orders.map((order) => order(left, right)).find((order) => order !== 0) ?? 0);
  },

  // The simple kind, which is the default: every text must be there, and every value be of its type, or none is taken.
  ParseOperator(node, rows) {
    const parts = elements(node.Patterns);
    const targets = parts.filter((part) => /^Name/.test(kind(part))).map((part) => ({
      name: text(part.Name?.Name ? part.Name : part).split(":")[0].trim(),
      type: kind(part) === "NameAndTypeDeclaration" ? text(part.Type) : "string",
    }));
    const pattern = new RegExp(`^${parts.map((part) => {
      switch (kind(part)) {
        case "StringLiteralExpression": return part.LiteralValue.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
        case "StarExpression": return ".*?";
        default: return "(.*?)";
      }
    }).join("")}$`);
    const nothing = ({ type: of }) => (of === "string" ? "" : null);
    return rows.map((row) => {
      const parsed = evaluate(node.Expression, row);
      if (parsed.includes("\n")) {
        unsupported("parsing more than one line");
      }
      const match = pattern.exec(parsed);
      const found = targets.map((target, index) => match && conversions[target.type](match[index + 1]));
      const complete = match && found.every((value) => value !== undefined);
      return {
        ...row,
        ...Object.fromEntries(targets.map((target, index) => [target.name, complete ? found[index] : nothing(target)])),
      };
    });
  },
};

const empty = (of) => (of === "string" ? "" : null);

// What a query starts with: from a node to rows. A table that the workspace lacks is an error, but in a fuzzy union.
const sources = {
  PipeExpression(node, data) {
    const operator = operators[kind(node.Operator)] ?? unsupported(kind(node.Operator));
    return operator(node.Operator, run(node.Expression, data), data);
  },

  ParenthesizedExpression: (node, data) => run(node.Expression, data),

  DataTableExpression: (node) => (elements(node.Values).length === 0 ? [] : unsupported("a datatable with rows")),

  UnionOperator(node, data) {
    if (elements(node.Parameters).map(text).join() !== "isfuzzy=true") {
      unsupported("a union that is not fuzzy, or has more than that");
    }
    const all = list(node.ResultType.Columns).map((column) => [column.Name, empty(column.Type.Name)]);
    return elements(node.Expressions).flatMap((expression) => run(expression, data))
      .map((row) => Object.fromEntries(all.map(([name, nothing]) => [name, row[name] ?? nothing])));
  },

  NameReference(node, data) {
    const name = text(node);
    if (data.lets.has(name)) {
      return run(data.lets.get(name), data);
    }
    const rows = data.without.includes(name) ? [] : data.tables[name] ?? [];
    return rows.map((given) => Object.fromEntries(Object.entries(schema[name] ?? unsupported(`the table ${name}`)).map(([column, of]) => {
      const value = given[column];
      return [column, value === undefined ? empty(of) : of === "datetime" ? new Date(value) : value];
    })));
  },
};

function run(node, data) {
  const source = sources[kind(node)] ?? unsupported(kind(node));
  return source(node, data);
}

// It is when the newest row came.
const newest = (tables) => Math.max(0, ...Object.values(tables).flat().map((row) => Date.parse(row.TimeGenerated)));

// An alert rule is evaluated at each of many minutes, and reading it takes longer than running it.
const analyzed = new Map();
function analyze(query, without) {
  const of = JSON.stringify([query, without]);
  if (!analyzed.has(of)) {
    analyzed.set(of, KustoCode.ParseAndAnalyze(query, workspace(without)));
  }
  return analyzed.get(of);
}

function answer(request) {
  const data = { tables: request.tables ?? {}, without: request.without ?? [], lets: new Map() };
  now = newest(data.tables);
  const code = analyze(request.query, data.without);
  const diagnostics = list(code.GetDiagnostics()).map(({ Severity: severity, Message: message }) => ({ severity, message }));
  const result = { diagnostics };
  if (diagnostics.every((diagnostic) => diagnostic.severity === "Warning")) {
    result.columns = Object.fromEntries(list(code.ResultType.Columns).map((column) => [column.Name, column.Type.Name]));
    try {
      const statements = elements(code.Syntax.Statements);
      const statement = statements.pop();
      for (const bound of statements) {
        data.lets.set(text(bound.Name), kind(bound) === "LetStatement" ? bound.Expression : unsupported(kind(bound)));
      }
      result.rows = run(statement.Expression, data);
    } catch (error) {
      result.unsupported = error.message;
    }
  }
  return result;
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
