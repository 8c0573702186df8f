using CloudTicks.AppHost.Local;
using CloudTicks.AppHost.Local.CommandLine;

namespace Aspire.Hosting;

/// <summary>The whole system on one machine, from the same calls as Aspire's: each resource is a process, none a container.</summary>
internal sealed class DistributedApplication(DistributedApplicationBuilder builder)
{
    /// <summary>Begins a composition. What the command line asks for is done by <see cref="Run"/>.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(RunCommand.Parse(args));

    /// <summary>Runs until the run that the command line describes is over or Ctrl-C; sets the exit code of the process.</summary>
    public void Run() => Environment.ExitCode = builder.Command.Invoke(options => options.PrintManifest
        ? Task.FromResult(ApplicationManifest.Print(builder.Resources))
        : options.Detached is { } arguments ? DetachedRun.RunAsync(builder, options, arguments)
        : LocalRun.RunAsync(builder, options));
}
