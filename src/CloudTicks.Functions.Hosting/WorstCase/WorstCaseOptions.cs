using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>
/// A test mode that imitates the worst permitted behaviour of the Functions runtime. Off by default; never use it for real ticks.
/// </summary>
internal sealed record WorstCaseOptions
{
    public const string Section = "FunctionsHosting:WorstCase";

    /// <summary>Enables the mode; false by default.</summary>
    public bool Enabled { get; set; }

    /// <summary>The random seed, 1 by default. The same seed causes the same faults for the same batches.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>
    /// The probability of each kind of fault per batch, 0.2 by default. The host leaves its group with a tenth of this probability.
    /// </summary>
    [Range(0, 0.9)]
    public double Rate { get; set; } = 0.2;

    /// <summary>Whether the batch of a cancelled call is checkpointed; current runtimes do not checkpoint it. False by default.</summary>
    public bool CheckpointsCancelled { get; set; }

    /// <summary>Maximum number of checkpointed events that a newly assigned partition reads again, 100 by default.</summary>
    [Range(0, 10_000)]
    public int MaxEventsBack { get; set; } = 100;
}
