using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>A file that must survive a power cut: how it is written, and what it must contain afterwards.</summary>
internal abstract class DurableFile
{
    /// <summary>The minimum number of different disk states to try.</summary>
    public virtual int MinDiskStates => 10;

    public static DurableFile Of(string name) => name switch
    {
        "journal" => new DurableJournal(),
        "marks" => new DurableMarks(),
        "limits" => new DurableLimits(),
        "archive" => new DurableArchive(),
        "data folder" => new DurableDataFolder(),
        "letters" => new DurableDeadLetters(),
        "spool" => new DurableSpool(),
        "destination" => new DurableSpoolMark(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown file."),
    };

    public abstract Task RunAsync(PowerCutRun run);

    /// <summary>Checks a folder after a power cut; may continue writing.</summary>
    /// <param name="promised">The number of steps that were durable before the power cut.</param>
    public abstract Task CheckAsync(string folder, int promised);
}
