namespace Microsoft.Extensions.Hosting;

/// <summary>The start of every service: its help, and a sentence with one exit code where it cannot start as it is set.</summary>
public static class ServiceProgram
{
    /// <summary>Prints the help that the command line asks for, or runs the service.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, string help, Func<Task<int>> run)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            Console.Out.WriteLine(help);
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
