using System.Diagnostics;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Cli.Tests;

/// <summary>The program as a process of its own, its three streams in the hands of the test.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;

    private CliProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Errors => _process.StandardError;

    public static CliProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(DotNetProgram.Command, [typeof(CloudTicksCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new CliProcess(Process.Start(start)!);
    }

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
