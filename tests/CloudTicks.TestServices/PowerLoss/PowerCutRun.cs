namespace CloudTicks.TestServices.PowerLoss;

/// <summary>A run whose writes are recorded, and which makes promises about the durability of its writes.</summary>
public sealed class PowerCutRun
{
    private readonly List<int> _promises = [];

    internal PowerCutRun(string folder, Predicate<string> ignoresFlush) =>
        (Folder, Disk) = (folder, new RecordingDisk(folder) { IgnoresFlush = ignoresFlush });

    /// <summary>The folder, initially empty.</summary>
    public string Folder { get; }

    /// <summary>The disk that the run uses below the folder.</summary>
    public RecordingDisk Disk { get; }

    /// <summary>Number of promises so far.</summary>
    public int Promises => _promises.Count;

    /// <summary>Promises that a power cut after this call loses nothing that was done before the call.</summary>
    public void Promise() => _promises.Add(Disk.Count);

    /// <summary>Number of promises before the power cut.</summary>
    internal int PromisedAt(CutDisk cut) => _promises.FindLastIndex(operations => operations <= cut.At + 1) + 1;
}
