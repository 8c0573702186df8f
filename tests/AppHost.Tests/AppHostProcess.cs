using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests;

/// <summary>AppHost, started as a user would start it, with a new data folder or that of an earlier run.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    // Shorter than the limit of HangWatch, which ends the whole process: a line that never arrives fails only its own test.
    private static readonly TimeSpan LineTimeout = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo? _ownData;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly List<(Predicate<string> IsWantedLine, TaskCompletionSource<string> Found)> _awaited = [];
    private readonly Lock _gate = new();
    private ChildProcess? _process;

    private AppHostProcess(string? dataFolder)
    {
        _ownData = dataFolder is null ? Directory.CreateTempSubdirectory("cloudticks-apphost-") : null;
        DataFolder = dataFolder ?? _ownData!.FullName;
    }

    public string DataFolder { get; }

    public IReadOnlyCollection<string> Lines => _lines;

    public int ProcessId => _process!.Pid;

    public Task<int> Exited => _process!.Exited;

    /// <summary>The last line of standard output, as JSON.</summary>
    public JsonElement Report => JsonDocument.Parse(_output.Last()).RootElement;

    public static Task<AppHostProcess> StartAsync(params string[] arguments) => StartAsync(arguments, []);

    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="dataFolder">The data folder of another AppHost; null for a new one.</param>
    public static Task<AppHostProcess> StartAsync(
        IEnumerable<string> arguments, Dictionary<string, string?> environment, string? dataFolder = null) =>
        StartAsync([ProgramPath.AppHost], arguments, environment, dataFolder);

    /// <summary>
    /// Starts AppHost with <c>dotnet run</c>. The process id and the exit code are those of <c>dotnet run</c>, not of AppHost.
    /// </summary>
    public static Task<AppHostProcess> StartByDotNetRunAsync(params string[] arguments) =>
        StartAsync(ProgramPath.DotNetRunOfAppHost, arguments, [], dataFolder: null);

    private static async Task<AppHostProcess> StartAsync(
        IEnumerable<string> program, IEnumerable<string> arguments, Dictionary<string, string?> environment, string? dataFolder)
    {
        var appHost = new AppHostProcess(dataFolder);
        appHost._process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [.. program, "--data", appHost.DataFolder, .. arguments],
            Inherited = ChildVariables.All,
            Environment = environment,
            OnOutput = line =>
            {
                appHost._output.Enqueue(line);
                appHost.Add(line);
            },
            OnError = appHost.Add,
        });
        return appHost;
    }

    /// <summary>Waits for a line; lines printed before the call also count.</summary>
    /// <exception cref="InvalidOperationException">AppHost ended before it printed the line, or did not print it in time.</exception>
    public async Task<string> WaitForLineAsync(Predicate<string> isWantedLine, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.FirstOrDefault(line => isWantedLine(line)) is { } line)
            {
                return line;
            }

            _awaited.Add((isWantedLine, found));
        }

        try
        {
            var ended = await Task.WhenAny(found.Task, Exited).WaitAsync(LineTimeout, cancellationToken);
            return ended == found.Task ? await found.Task : throw new InvalidOperationException($"AppHost ended early:\n{this}");
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"AppHost did not print the line:\n{this}");
        }
    }

    /// <summary>The id of the newest process of a part.</summary>
    public int ProcessIdOf(string part) => _lines.Where(line => IsOf(line, part)).Select(ProcessIdIn).OfType<int>().Last();

    /// <summary>The address of a part, such as <c>relay</c>, from the note in the run's data folder.</summary>
    public async Task<Uri> AddressAsync(string part, CancellationToken cancellationToken)
    {
        var file = ((string[])["simulated", "polygon"]).Select(feed => Path.Combine(DataFolder, feed, "services.json")).Single(File.Exists);
        using var note = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellationToken));
        return new Uri(note.RootElement.GetProperty(part).GetString()!);
    }

    /// <summary>The process id at the end of a line that reports the start of a process; null for any other line.</summary>
    public static int? ProcessIdIn(string line) =>
        line.Split(' ') is [.., "process", var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : null;

    public static bool IsOf(string line, string part) => line.StartsWith(part + " ", StringComparison.Ordinal);

    /// <summary>Sends SIGKILL to the process that was started, and to no other.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Ends AppHost with a signal, and returns its exit code.</summary>
    public Task<int> StopAsync(PosixSignal signal) => _process!.TerminateAsync(TimeSpan.FromSeconds(60), signal);

    public override string ToString() => string.Join('\n', _lines);

    public async ValueTask DisposeAsync()
    {
        await _process!.TerminateAsync(TimeSpan.FromSeconds(60));
        await _process.DisposeAsync();
        try
        {
            _ownData?.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A part that was killed together with AppHost created a file during the deletion.
        }
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            foreach (var (_, found) in _awaited.Where(awaited => awaited.IsWantedLine(line)))
            {
                found.TrySetResult(line);
            }
        }
    }
}
