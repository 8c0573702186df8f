using System.Collections.Concurrent;
using System.Reflection;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Soak;

/// <summary>One of our programs with an HTTP address, in its own process.</summary>
internal sealed class ServiceProgram : IAsyncDisposable
{
    private const int MaxLines = 20;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;
    private readonly ConcurrentQueue<string> _lines;

    private ServiceProgram(ChildProcess process, Uri address, ConcurrentQueue<string> lines) =>
        (_process, Address, _lines) = (process, address, lines);

    public Uri Address { get; }

    public int Pid => _process.Pid;

    public bool HasEnded => _process.Exited.IsCompleted;

    /// <summary>The last lines of the program's log.</summary>
    public string LogTail => string.Join(Environment.NewLine, _lines);

    /// <summary>Starts the program on a free port.</summary>
    /// <param name="program">The name under which the build recorded the program's path.</param>
    /// <param name="settings">Additional environment variables.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<ServiceProgram> StartAsync(
        string program, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        const string listening = "Now listening on: ";
        var path = typeof(ServiceProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(value => value.Key == program).Value!;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new ConcurrentQueue<string>();
        var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [path, "--urls", "http://127.0.0.1:0"],
            Environment = settings,
            OnOutput = Read,
            OnError = Read,
        });
        await Task.WhenAny(address.Task, process.Exited).WaitAsync(cancellationToken);
        if (address.Task.IsCompleted)
        {
            return new ServiceProgram(process, await address.Task, lines);
        }

        await process.DisposeAsync();
        throw new BenchmarkException($"{program} did not start: {string.Join(" / ", lines)}");

        void Read(string line)
        {
            lines.Enqueue(line);
            if (lines.Count > MaxLines)
            {
                lines.TryDequeue(out _);
            }

            if (line.IndexOf(listening, StringComparison.Ordinal) is var at and >= 0)
            {
                address.TrySetResult(new Uri(line[(at + listening.Length)..].Trim()));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.TerminateAsync(StopGrace);
        await _process.DisposeAsync();
    }
}
