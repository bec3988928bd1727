using Caluma.Healthz.Server.Commands;

return await HealthzCommandLine.InvokeAsync(args, HealthzCommandLine.LoadSettings, Console.Out, Console.Error);
