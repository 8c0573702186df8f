using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.AppHost.Local.Lines;

/// <summary>The lines of all parts. They go to a file, and to the terminal unless the live table is shown. Thread-safe.</summary>
internal sealed class RunLines(TextWriter writer, LineLevel minLevel, bool json, TimeProvider time) : IDisposable
{
    private const int MaxLastLines = 5;
    private const int MaxNewestLines = 40;
    private const long MaxFileBytes = 20_000_000;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RunLine>> _tails = new();
    private readonly ConcurrentDictionary<string, RunLine> _problems = new();
    private readonly Queue<RunLine> _newestLines = new();
    private readonly Queue<RunLine> _warnings = new();
    private StreamWriter? _file;
    private bool _isTableShown;

    public void Write(string part, string text) => Write(part, LineLevel.Info, text);

    public void Write(string part, LineLevel level, string text) => Add(OwnLine(part, level, text), level >= minLevel);

    /// <summary>Writes a line regardless of the log level, for output that the user requested.</summary>
    public void WriteRequested(string part, LineLevel level, string text) => Add(OwnLine(part, level, text), isShown: true);

    /// <summary>Forwards the line of a service, which has already applied the log level.</summary>
    public void Forward(string part, string line, bool isError) =>
        Add(ServiceLine.Read(time.GetUtcNow(), part, line, isError), isShown: true);

    /// <summary>The last lines of a part, for the message about its exit.</summary>
    public string LastOf(string part) =>
        _tails.TryGetValue(part, out var lines) ? string.Join(" / ", lines.Select(line => line.Original ?? line.Text)) : "it wrote nothing";

    /// <summary>The text of a part's last line; null if it wrote none.</summary>
    public string? LastMessageOf(string part) => _tails.TryGetValue(part, out var lines) ? lines.LastOrDefault()?.Message : null;

    /// <summary>The last warning or error of a part; null if it had none.</summary>
    public RunLine? ProblemOf(string part) => _problems.GetValueOrDefault(part);

    /// <summary>The newest lines of all parts, and the newest warnings and errors, for the live table.</summary>
    public (IReadOnlyList<RunLine> All, IReadOnlyList<RunLine> Warnings) Newest()
    {
        lock (_gate)
        {
            return ([.. _newestLines], [.. _warnings]);
        }
    }

    /// <summary>Starts writing the lines to a file as well. At 20 MB the file is renamed to <c>.old</c> and a new one starts.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void BeginFile(string path)
    {
        lock (_gate)
        {
            _file = new StreamWriter(path, append: true) { AutoFlush = true };
        }
    }

    /// <summary>Sets whether the live table is shown, which hides the lines from the terminal.</summary>
    public void ShowTable(bool isShown)
    {
        lock (_gate)
        {
            _isTableShown = isShown;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private RunLine OwnLine(string part, LineLevel level, string text) =>
        new(time.GetUtcNow(), part, level,
            Counted.Agree(
                string.Join(" / ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))));

    private void Add(RunLine line, bool isShown)
    {
        var last = _tails.GetOrAdd(line.Part, _ => new());
        last.Enqueue(line);
        if (last.Count > MaxLastLines)
        {
            last.TryDequeue(out _);
        }

        if (line.Level >= LineLevel.Warning)
        {
            _problems[line.Part] = line;
        }

        lock (_gate)
        {
            AddBounded(_newestLines, line);
            if (line.Level >= LineLevel.Warning)
            {
                AddBounded(_warnings, line);
            }

            if (isShown)
            {
                Put(json ? line.ToJson() : line.ToPlain());
            }
        }
    }

    private static void AddBounded(Queue<RunLine> lines, RunLine line)
    {
        lines.Enqueue(line);
        if (lines.Count > MaxNewestLines)
        {
            lines.Dequeue();
        }
    }

    private void Put(string line)
    {
        if (!_isTableShown)
        {
            Try(() => writer.WriteLine(line));
        }

        Try(() => PutInFile(line));
    }

    private void PutInFile(string line)
    {
        if (_file?.BaseStream is FileStream { Length: > MaxFileBytes } full)
        {
            var path = full.Name;
            _file.Dispose();
            File.Move(path, path + ".old", overwrite: true);
            _file = new StreamWriter(path, append: false) { AutoFlush = true };
        }

        _file?.WriteLine(line);
    }

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The terminal was closed, or the disk is full: the run continues.
        }
    }
}
