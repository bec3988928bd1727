using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Servers;

using var stop = new StopSignals();
return await DevCommandLine.InvokeAsync(args, new Workspace(Repository.Root), Console.Out, Console.Error, stop);
