using CloudTicks.Simulator.Replay;

namespace CloudTicks.Simulator;

/// <summary>The settings for what the simulator sends, and how. Section <c>Simulator</c>.</summary>
internal sealed record SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>The key that a session must send. If empty, any key is accepted, on loopback only.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>How long a session may take to authenticate. Default 10 s; more than zero.</summary>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The total rate of synthetic ticks per second, divided among the ticking channels. Default 5,000; 1 to 10,000,000.</summary>
    public int Rate { get; init; } = 5_000;

    /// <summary>The seed of the random walks. A walk also depends on the times of its ticks, so runs differ. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Recorded ticks to send instead of synthetic ones: .zip or .csv files named as in LEAN; see <see cref="ReplayPaths"/>.
    /// </summary>
    public ReplayPaths Replay { get; init; } = [];

    /// <summary>The pace of a replay: a factor such as <c>1</c> (default), or <c>max</c> for as fast as clients read.</summary>
    public string Speed { get; init; } = "1";

    /// <summary>
    /// How a replay sets the times of ticks. <c>shifted</c> (default): a constant is added to the times of each file, so that its last
    /// tick has the time at which it is sent; at speed <c>max</c>, the time at which the replay starts. <c>kept</c>: the times stay as
    /// recorded.
    /// </summary>
    public string Timestamps { get; init; } = Shifted;

    /// <summary>Whether a symbol keeps ticking without subscribers, so that absent clients miss ticks. Default true.</summary>
    public bool KeepTicking { get; init; } = true;

    /// <summary>
    /// The maximum bytes of generated ticks kept for the REST endpoints; the oldest are removed first. Default 128 MiB; 1 MiB to 16 GiB.
    /// </summary>
    public long HistoryBytes { get; init; } = 128L << 20;

    /// <summary>
    /// The maximum number of option contracts whose quotes one connection can receive. Default 1,000, as on the real feed; 1 to 1,000,000.
    /// </summary>
    public int MaxContracts { get; init; } = 1_000;

    /// <summary>The path of a schedule of faults, YAML or JSON; empty for none.</summary>
    public string Script { get; init; } = "";

    public const string Shifted = "shifted";

    public const string Kept = "kept";

    /// <summary><see cref="Speed"/> as a factor; null for <c>max</c>.</summary>
    public double? SpeedFactor =>
        IsMaxSpeed ? null : double.Parse(Speed, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);

    public bool IsMaxSpeed => Speed.Equals("max", StringComparison.OrdinalIgnoreCase);
}
