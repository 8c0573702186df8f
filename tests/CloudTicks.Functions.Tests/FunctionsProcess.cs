using System.Collections.Concurrent;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Functions.Tests;

/// <summary>The functions as a separate process.</summary>
internal sealed class FunctionsProcess : IAsyncDisposable
{
    // A clean stop takes a while on a busy machine.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _logged = new(0);
    private ChildProcess? _child;

    /// <summary>Completes with the exit code when the process has exited.</summary>
    public Task<int> Exited => _child!.Exited;

    public string Log => string.Join('\n', _lines);

    /// <summary>Starts the process.</summary>
    /// <param name="settings">The environment variables of the process.</param>
    /// <param name="urls">The addresses to listen on.</param>
    public static async Task<FunctionsProcess> StartAsync(IReadOnlyDictionary<string, string?> settings, string urls = "http://127.0.0.1:0")
    {
        var process = new FunctionsProcess();
        process._child = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [Path.Combine(AppContext.BaseDirectory, "CloudTicks.Functions.dll"), $"--urls={urls}"],
            Environment = settings,
            OnOutput = process.Add,
            OnError = process.Add,
        });
        return process;
    }

    /// <summary>Waits for a log line that contains a text. Throws if the process exits first.</summary>
    public async Task LineAsync(string text)
    {
        while (true)
        {
            // Check for the exit first: a process that has exited logs nothing more.
            var hasEnded = Exited.IsCompleted;
            if (_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }

            if (hasEnded)
            {
                throw new InvalidOperationException($"The functions exited without logging '{text}': {Log}");
            }

            await Task.WhenAny(_logged.WaitAsync(TestContext.Current.CancellationToken), Exited);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Counts the log lines that contain a text, except those that contain another.</summary>
    public int CountLines(string text, string? except = null) => _lines.Count(line =>
        line.Contains(text, StringComparison.Ordinal) && (except is null || !line.Contains(except, StringComparison.Ordinal)));

    /// <summary>Waits until the process listens.</summary>
    /// <returns>The address.</returns>
    public async Task<Uri> AddressAsync()
    {
        const string listening = "Now listening on: ";
        await LineAsync(listening);
        return new Uri(_lines.First(line => line.Contains(listening, StringComparison.Ordinal)).Split(listening)[1]);
    }

    /// <summary>Polls <c>/health</c> until the response has the given status.</summary>
    /// <returns>The body of the response.</returns>
    public async Task<string> UntilHealthAsync(int status)
    {
        var health = new Uri(await AddressAsync(), "/health");
        using var http = new HttpClient();
        while (true)
        {
            using var response = await http.GetAsync(health, TestContext.Current.CancellationToken);
            if ((int)response.StatusCode == status)
            {
                return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }

            await Task.Delay(PollInterval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Kills the process (SIGKILL), and waits until it has exited.</summary>
    public async Task KillAsync()
    {
        _child!.Kill();
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.TerminateAsync(StopGrace);
            await _child.DisposeAsync();
        }

        _logged.Dispose();
    }

    private void Add(string line)
    {
        _lines.Enqueue(line);
        _logged.Release();
    }
}
