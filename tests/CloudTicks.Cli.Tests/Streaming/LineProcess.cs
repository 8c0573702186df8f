using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Cli.Tests.Streaming;

/// <summary>A running program whose output lines a test waits for.</summary>
internal sealed class LineProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _logged = new(0);
    private ChildProcess? _child;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<int> Exited => _child!.Exited;

    public string Log => string.Join('\n', _lines);

    /// <summary>Starts one of our programs.</summary>
    public static Task<LineProcess> StartAsync(
        string program, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        StartFileAsync(DotNetProgram.Command, environment, [program, .. arguments]);

    /// <summary>Starts any program.</summary>
    public static async Task<LineProcess> StartFileAsync(
        string file, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var process = new LineProcess();
        process._child = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = file,
            Arguments = arguments,
            Environment = environment,
            OnOutput = process.Add,
            OnError = process.Add,
        });
        return process;
    }

    /// <summary>Waits for a line that matches a pattern; fails if the program exits first.</summary>
    public async Task<Match> LineAsync(string pattern)
    {
        while (true)
        {
            if (_lines.Select(line => Regex.Match(line, pattern)).FirstOrDefault(match => match.Success) is { } found)
            {
                return found;
            }

            if (Exited.IsCompleted && _logged.CurrentCount == 0)
            {
                throw new InvalidOperationException($"The program ended without printing '{pattern}': {Log}");
            }

            await Task.WhenAny(_logged.WaitAsync(Cancellation), Exited);
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Stops the program with SIGTERM.</summary>
    public Task<int> StopAsync() => _child!.TerminateAsync(StopGrace);

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.TerminateAsync(StopGrace);
            await _child.DisposeAsync();
        }
    }

    private void Add(string line)
    {
        _lines.Enqueue(line);
        _logged.Release();
    }
}
