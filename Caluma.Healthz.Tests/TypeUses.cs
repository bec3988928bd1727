using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Caluma.Healthz.Tests;

/// <summary>Finds which types of some assemblies use which others: in signatures, bodies, lambdas and attributes.</summary>
internal sealed class TypeUses(params Assembly[] assemblies)
{
    private readonly ILookup<string, string> _users = (
        from type in new ArchLoader().LoadAssemblies(assemblies).Build().Types
        from used in type.Dependencies.Select(dependency => dependency.Target.FullName).Distinct()
        select (Used: used, User: type.FullName)).ToLookup(pair => pair.Used, pair => pair.User);

    /// <summary>The types that use others, directly or through further types.</summary>
    /// <param name="isUsed">Whether the users of a type, given by full name, are wanted.</param>
    /// <param name="leadsOn">Whether users of this type count as users of the types that it uses; null for always.</param>
    /// <returns>The path of uses from each type, such as <c>A > B > C</c>, including the used types.</returns>
    public IReadOnlyDictionary<string, string> WaysTo(Func<string, bool> isUsed, Func<string, bool>? leadsOn = null)
    {
        var ways = _users.Select(user => user.Key).Concat(_users.SelectMany(user => user))
            .Distinct().Where(isUsed).ToDictionary(type => type);
        var next = new Queue<string>(ways.Keys);
        while (next.TryDequeue(out var used))
        {
            foreach (var user in _users[used])
            {
                if (ways.TryAdd(user, $"{user} > {ways[used]}") && leadsOn?.Invoke(user) != false)
                {
                    next.Enqueue(user);
                }
            }
        }

        return ways;
    }
}
