using System.Reflection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Starts any service: handles help and version, and reports invalid settings with a message and exit code 2.</summary>
public static class ServiceProgram
{
    /// <summary>Prints the help or the version if requested, otherwise runs the service.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, string help, Func<Task<int>> run)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            Console.Out.WriteLine(help);
            return ServiceExitCodes.Stopped;
        }

        if (arguments is ["--version"])
        {
            Console.Out.WriteLine(
                Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            return ServiceExitCodes.Stopped;
        }

        try
        {
            return await run();
        }
        catch (Exception exception) when (StartRefusal.Covers(exception))
        {
            return StartRefusal.Report(exception);
        }
    }
}
