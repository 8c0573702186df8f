using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;

namespace CloudTicks.AppHost.Local.Screen;

internal sealed record ScreenModel
{
    /// <summary><c>simulated</c> or <c>polygon</c>.</summary>
    public required string Feed { get; init; }

    public required RunPhase Phase { get; init; }

    public DateTimeOffset Now { get; init; }

    public TimeSpan Uptime { get; init; }

    /// <summary>The remaining time of a run with a fixed length.</summary>
    public TimeSpan? Remaining { get; init; }

    public IReadOnlyList<Part> Parts { get; init; } = [];

    public Figures Figures { get; init; } = new();

    public IReadOnlyDictionary<string, RunLine> Problems { get; init; } = new Dictionary<string, RunLine>();

    public IReadOnlyList<RunLine> Lines { get; init; } = [];

    public IReadOnlyList<RunLine> Warnings { get; init; } = [];

    public IReadOnlyList<string> Commands { get; init; } = [];

    public string LogFile { get; init; } = "";

    public Sentence Sentence => Sentence.Of(Phase, Parts, Figures, part => Problems.GetValueOrDefault(part)?.Message, Feed == "simulated");
}
