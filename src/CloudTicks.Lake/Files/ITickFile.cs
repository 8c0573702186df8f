using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>A file of ticks that is being written.</summary>
internal interface ITickFile : IDisposable
{
    /// <summary>Adds a tick with its partition and offset in the archive.</summary>
    public void Add(scoped in Tick tick, TickSource source, int partition, long offset);

    /// <summary>Writes the file, sorted and without repeated ticks, but does not flush it.</summary>
    public TickFileFigures Complete(CancellationToken cancellationToken);
}
