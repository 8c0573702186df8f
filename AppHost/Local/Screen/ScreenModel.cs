using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Everything that the screen shows.</summary>
internal sealed record ScreenModel
{
    /// <summary>simulated or polygon.</summary>
    public required string Feed { get; init; }

    public required RunPhase Phase { get; init; }

    public DateTimeOffset Now { get; init; }

    /// <summary>How long the run has been going on.</summary>
    public TimeSpan Up { get; init; }

    /// <summary>How long the feed of a run with an end still goes on.</summary>
    public TimeSpan? Left { get; init; }

    public IReadOnlyList<Part> Parts { get; init; } = [];

    public Figures Figures { get; init; } = new();

    /// <summary>The last warning or error, by part.</summary>
    public IReadOnlyDictionary<string, RunLine> Problems { get; init; } = new Dictionary<string, RunLine>();

    /// <summary>The newest lines of all parts, oldest first.</summary>
    public IReadOnlyList<RunLine> Lines { get; init; } = [];

    /// <summary>The newest warnings and errors, oldest first.</summary>
    public IReadOnlyList<RunLine> Warnings { get; init; } = [];

    /// <summary>Commands by which a person looks at the ticks.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    public string LogFile { get; init; } = "";

    public Sentence Sentence => Sentence.Of(Phase, Parts, Figures, part => Problems.GetValueOrDefault(part)?.Message, Feed == "simulated");
}
