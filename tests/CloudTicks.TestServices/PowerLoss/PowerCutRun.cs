namespace CloudTicks.TestServices.PowerLoss;

/// <summary>A run whose writes are recorded, and in which something is promised now and then.</summary>
public sealed class PowerCutRun
{
    private readonly List<int> _promises = [];

    internal PowerCutRun(string folder, Predicate<string> lies) => (Folder, Disk) = (folder, new RecordingDisk(folder) { Lies = lies });

    /// <summary>The folder, empty at first.</summary>
    public string Folder { get; }

    /// <summary>The disk on which it writes below the folder.</summary>
    public RecordingDisk Disk { get; }

    /// <summary>How often something was promised.</summary>
    public int Promises => _promises.Count;

    /// <summary>From here on a power cut must lose nothing of what was done so far.</summary>
    public void Promise() => _promises.Add(Disk.Count);

    /// <summary>How much was promised before the cut.</summary>
    internal int PromisedAt(CutDisk cut) => _promises.FindLastIndex(operations => operations <= cut.At + 1) + 1;
}
