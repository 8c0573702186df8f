using System.Collections.Concurrent;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>The lines of all parts, each behind the name of its part.</summary>
/// <param name="writer">Standard output, or standard error when standard output belongs to the report.</param>
internal sealed class RunLines(TextWriter writer)
{
    private const int NameWidth = 12;
    private const int LinesKept = 5;

    private readonly TextWriter _writer = TextWriter.Synchronized(writer);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _last = new();

    public void Write(string name, string text)
    {
        var last = _last.GetOrAdd(name, _ => new());
        last.Enqueue(text);
        if (last.Count > LinesKept)
        {
            last.TryDequeue(out _);
        }

        try
        {
            _writer.WriteLine($"{name.PadRight(NameWidth)} | {text}");
        }
        catch (IOException)
        {
            // The terminal has been closed: nobody reads any more, and everything else goes on.
        }
    }

    /// <summary>The last lines of a part, for the sentence that tells of its end.</summary>
    public string LastOf(string name) => _last.TryGetValue(name, out var lines) ? string.Join(" / ", lines) : "it said nothing";
}
