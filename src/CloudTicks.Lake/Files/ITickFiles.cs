namespace CloudTicks.Lake.Files;

/// <summary>Writes and merges files of ticks: Parquet in the product, something simpler where tests cut the power.</summary>
internal interface ITickFiles
{
    /// <summary>Begins a file. One at a time.</summary>
    public ITickFile Create(string path, IReadOnlyDictionary<string, string> metadata);

    /// <summary>Merges files into one, sorted, with each tick once.</summary>
    public TickFileFigures Merge(
        IReadOnlyList<string> inputs, string path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);
}
