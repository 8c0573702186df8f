using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>One of the files by which the collector promises something: how it is written, and what must be found in it.</summary>
internal abstract class DurableFile
{
    /// <summary>At least so many different disks must have been tried.</summary>
    public virtual int Disks => 10;

    public static DurableFile Of(string name) => name switch
    {
        "journal" => new DurableJournal(),
        "marks" => new DurableMarks(),
        "limits" => new DurableLimits(),
        "archive" => new DurableArchive(),
        "data folder" => new DurableDataFolder(),
        "letters" => new DurableLetters(),
        "spool" => new DurableSpool(),
        "destination" => new DurableSpoolMark(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such file."),
    };

    public abstract Task RunAsync(PowerCutRun run);

    /// <summary>Looks at a folder after a power cut, and goes on from there.</summary>
    public abstract Task CheckAsync(string folder, int promised);
}
