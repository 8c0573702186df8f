using System.Globalization;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>A local event hub in its own process, which a test may kill and restart with the same port and data folder.</summary>
public sealed partial class EventHubProcess : IAsyncDisposable
{
    private const int MaxPortAttempts = 5;

    // A clean stop takes a while on a busy machine.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder? _ownFolder;
    private readonly string[] _arguments;
    private readonly int? _maxOpenFiles;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private ChildProcess? _child;

    private EventHubProcess(string? dataFolder, string[] arguments, int? openFiles)
    {
        _maxOpenFiles = openFiles;
        _ownFolder = dataFolder is null ? new TemporaryFolder() : null;
        DataFolder = dataFolder ?? _ownFolder!.File("hub");
        _arguments = arguments;
    }

    /// <summary>The Kafka port on 127.0.0.1, the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>The address for Kafka clients, <c>127.0.0.1:PORT</c>.</summary>
    public string BootstrapServers => $"127.0.0.1:{Port}";

    /// <summary>The event hub's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>Completes with the exit code when the event hub's current process has exited.</summary>
    public Task<int> Exited => Child.Exited;

    /// <summary>All lines of the event hub's log since its first start.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    private ChildProcess Child => _child ?? throw new InvalidOperationException("The event hub was not started.");

    /// <summary>Starts an event hub on a free port and waits until it listens.</summary>
    /// <param name="dataFolder">The data folder; null for a temporary one that is deleted at the end.</param>
    /// <param name="arguments">Additional command line arguments.</param>
    /// <param name="openFiles">The limit of open files (<c>ulimit -n</c>); null for this process's limit.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidOperationException">The event hub exited instead of listening; the message contains its log.</exception>
    public static async Task<EventHubProcess> StartAsync(
        string? dataFolder = null, string[]? arguments = null, int? openFiles = null, CancellationToken cancellationToken = default)
    {
        var hub = new EventHubProcess(dataFolder, arguments ?? [], openFiles);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                hub.Port = FreePort.Choose();
                try
                {
                    await hub.LaunchAsync(cancellationToken);
                    return hub;
                }
                catch (InvalidOperationException) when (attempt < MaxPortAttempts && !FreePort.IsFree(hub.Port))
                {
                    // Another process took the port in the meantime.
                }
            }
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the event hub's log has at least <paramref name="minCount"/> lines that contain a text.</summary>
    /// <param name="part">The text.</param>
    /// <param name="minCount">The minimum number of lines.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task UntilLinesAsync(string part, int minCount, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Log.Count(line => line.Contains(part, StringComparison.Ordinal)) < minCount)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Kills the event hub (SIGKILL) and waits until it has exited.</summary>
    public async Task KillAsync()
    {
        Child.Kill();
        await Child.Exited;
    }

    /// <summary>Pauses the event hub (SIGSTOP); its connections stay open.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public Task SuspendAsync(CancellationToken cancellationToken = default) => SignalAsync("STOP", cancellationToken);

    /// <summary>Resumes the event hub (SIGCONT).</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public Task ResumeAsync(CancellationToken cancellationToken = default) => SignalAsync("CONT", cancellationToken);

    /// <summary>Stops the event hub with SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => Child.TerminateAsync(StopGrace);

    /// <summary>Stops the event hub if it runs, and starts it again with the same port and data folder.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await Child.DisposeAsync();
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Stops the event hub, and deletes a temporary data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await StopAsync();
            await _child.DisposeAsync();
        }

        _ownFolder?.Dispose();
    }

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        var kill = new ChildProcessOptions
        {
            FileName = "kill",
            Arguments = [$"-{signal}", Child.Pid.ToString(CultureInfo.InvariantCulture)]
        };
        if (await ChildProcess.RunAsync(kill, cancellationToken) != 0)
        {
            throw new InvalidOperationException($"SIG{signal} could not be sent to the event hub.");
        }
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _child = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = _maxOpenFiles is null ? DotNetProgram.Command : "/bin/sh",
            Arguments =
            [
                .. FileLimitArguments(), ProgramPaths.EventHub, "--data", DataFolder, "--port", Port.ToString(CultureInfo.InvariantCulture),
                "--health-port", "0", .. _arguments,
            ],
            OnOutput = line => OnLine(line, listening),
            OnError = line => OnLine(line, listening),
        });
        await Task.WhenAny(listening.Task, _child.Exited).WaitAsync(cancellationToken);
        if (!listening.Task.IsCompleted)
        {
            throw new InvalidOperationException(
                $"The event hub did not start (exit code {await _child.Exited}): {string.Join(" | ", Log.TakeLast(10))}");
        }
    }

    private string[] FileLimitArguments() =>
        _maxOpenFiles is { } files
            ? ["-c", string.Create(CultureInfo.InvariantCulture, $"ulimit -n {files}; exec \"$0\" \"$@\""), DotNetProgram.Command] : [];

    private void OnLine(string line, TaskCompletionSource listening)
    {
        lock (_gate)
        {
            _lines.Add(line);
        }

        if (Listening().Match(line) is { Success: true } match && match.Groups[1].ValueSpan.SequenceEqual($"{Port}"))
        {
            listening.TrySetResult();
        }
    }

    [GeneratedRegex(@"listening on 127\.0\.0\.1:([0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Listening();
}
