using System.Globalization;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>A local event hub as a process of its own, which a test may kill and restart on the same port and data.</summary>
public sealed partial class EventHubProcess : IAsyncDisposable
{
    private const int MostPorts = 5;

    // It ends in order by itself; on a busy machine that takes its time.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder? _ownFolder;
    private readonly string[] _arguments;
    private readonly int? _openFiles;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private ChildProcess? _child;

    private EventHubProcess(string? dataFolder, string[] arguments, int? openFiles)
    {
        _openFiles = openFiles;
        _ownFolder = dataFolder is null ? new TemporaryFolder() : null;
        DataFolder = dataFolder ?? _ownFolder!.File("hub");
        _arguments = arguments;
    }

    /// <summary>The port of the Kafka protocol on 127.0.0.1; kept over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>The address for Kafka clients, <c>127.0.0.1:PORT</c>.</summary>
    public string BootstrapServers => $"127.0.0.1:{Port}";

    /// <summary>The hub's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>Ends with the exit code when the process of the moment has gone.</summary>
    public Task<int> Exited => Child.Exited;

    /// <summary>All lines of its log since the first start.</summary>
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

    /// <summary>Starts a hub on a free port and waits until it listens.</summary>
    /// <param name="dataFolder">Its data folder; a temporary one, deleted at the end, when null.</param>
    /// <param name="arguments">Further arguments of the program.</param>
    /// <param name="openFiles">The files that it may have open (<c>ulimit -n</c>); those of this process when null.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the sentence holds its log.</exception>
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
                catch (InvalidOperationException) when (attempt < MostPorts && !FreePort.IsFree(hub.Port))
                {
                    // Another process was faster to take the port.
                }
            }
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until its log has so many lines with a text.</summary>
    /// <param name="part">What stands in them.</param>
    /// <param name="least">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task UntilLinesAsync(string part, int least, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Log.Count(line => line.Contains(part, StringComparison.Ordinal)) < least)
        {
            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Kills it (SIGKILL) and waits until it has gone.</summary>
    public async Task KillAsync()
    {
        Child.Kill();
        await Child.Exited;
    }

    /// <summary>Lets it stand still (SIGSTOP), its connections open.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task SuspendAsync(CancellationToken cancellationToken = default) => SignalAsync("STOP", cancellationToken);

    /// <summary>Lets it go on (SIGCONT).</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task ResumeAsync(CancellationToken cancellationToken = default) => SignalAsync("CONT", cancellationToken);

    /// <summary>Stops it by SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync() => Child.TerminateAsync(StopGrace);

    /// <summary>Starts it again on the same port and data after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await Child.DisposeAsync();
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Stops it and deletes its data when the folder was a temporary one.</summary>
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
            FileName = _openFiles is null ? DotNetProgram.Command : "/bin/sh",
            Arguments =
            [
                .. LimitedFiles(), ProgramPaths.EventHub, "--data", DataFolder, "--port", Port.ToString(CultureInfo.InvariantCulture),
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

    private string[] LimitedFiles() =>
        _openFiles is { } files
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
