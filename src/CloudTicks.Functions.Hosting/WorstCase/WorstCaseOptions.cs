using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>A test mode that behaves as the Functions runtime does at worst. Off by default; never for real ticks.</summary>
internal sealed record WorstCaseOptions
{
    public const string Section = "FunctionsHosting:WorstCase";

    /// <summary>Turns the mode on; false by default.</summary>
    public bool Enabled { get; set; }

    /// <summary>What the dice start from, 1 by default. The same seed deals the same faults to the same batches.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>How likely each kind of fault is for a batch, 0.2 by default. The host leaves its group with a tenth of that.</summary>
    [Range(0, 0.9)]
    public double Rate { get; set; } = 0.2;

    /// <summary>Whether a cancelled call's batch is checkpointed; current runtimes do not. Default false.</summary>
    public bool CheckpointsCancelled { get; set; }

    /// <summary>How many events before its checkpoint a partition may begin when it has moved, 100 by default.</summary>
    [Range(0, 10_000)]
    public int MaxEventsBack { get; set; } = 100;
}
