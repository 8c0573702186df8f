using System.Diagnostics;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Cli.Tests;

/// <summary>The program in its own process, with standard input, output and error redirected to the test.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;

    private CliProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Errors => _process.StandardError;

    public static CliProcess Start(params string[] arguments) => Start(new Dictionary<string, string?>(), arguments);

    public static CliProcess Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        StartIn("", environment, arguments);

    /// <param name="folder">The program's working folder; empty for the tests' own working folder.</param>
    /// <param name="environment">Variables that override those of the tests; a null value removes one.</param>
    /// <param name="arguments">The command line.</param>
    public static CliProcess StartIn(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(DotNetProgram.Command, [typeof(CloudTicksCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        // Ignore AppHosts that run on this machine, unless the test sets this variable.
        start.Environment["XDG_STATE_HOME"] = Path.Combine(AppContext.BaseDirectory, "no-state");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new CliProcess(Process.Start(start)!);
    }

    /// <summary>Runs the program until it exits.</summary>
    public static Task<(int Code, string Output, string Errors)> RunAsync(
        IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        RunInAsync("", environment, arguments);

    /// <summary>Runs the program in a folder until it exits.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunInAsync(
        string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var program = StartIn(folder, environment, arguments);
        program.Input.Close();
        var output = program.Output.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = program.Errors.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await program.WaitAsync(), await output, await errors);
    }

    public bool Exited => _process.HasExited;

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
