using System.Reflection;

namespace Microsoft.Extensions.Hosting;

/// <summary>The start of every service: help, version, and a sentence with one exit code where it cannot start as it is set.</summary>
public static class ServiceProgram
{
    /// <summary>Prints the help or the version that the command line requests, or runs the service.</summary>
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
