using CloudTicks.AppHost.Local;
using CloudTicks.AppHost.Local.CommandLine;

namespace Aspire.Hosting;

/// <summary>
/// The whole system on one machine, built with the same calls as under Aspire. Each resource is a process, not a container.
/// </summary>
internal sealed class DistributedApplication(DistributedApplicationBuilder builder)
{
    /// <summary>Creates a builder. <see cref="Run"/> carries out the command line.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(RunCommand.Parse(args));

    /// <summary>Runs until the requested run is over or Ctrl-C is pressed, and sets the process's exit code.</summary>
    public void Run() => Environment.ExitCode = builder.Command.Invoke(options => options.PrintManifest
        ? Task.FromResult(ApplicationManifest.Print(builder.Resources))
        : options.DetachedArgs is { } arguments ? DetachedRun.RunAsync(builder, options, arguments)
        : LocalRun.RunAsync(builder, options));
}
