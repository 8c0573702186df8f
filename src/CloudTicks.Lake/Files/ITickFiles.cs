namespace CloudTicks.Lake.Files;

/// <summary>Writes and merges files of ticks: Parquet in the product, something simpler where tests cut the power.</summary>
internal interface ITickFiles
{
    /// <summary>Starts a file. One at a time.</summary>
    public ITickFile Create(string path, IReadOnlyDictionary<string, string> metadata);

    /// <summary>Merges files into one, sorted, with each tick once.</summary>
    public TickFileFigures Merge(
        IReadOnlyList<string> inputs, string path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>Copies the ticks of a file except some, in order.</summary>
    /// <param name="expected">Ticks of the file and the sum of their identities, as its manifest says.</param>
    /// <returns>The figures of the copy; null, and no file, when nothing is left.</returns>
    /// <exception cref="LakeException">The file cannot be read, or holds other ticks than expected.</exception>
    public TickFileFigures? Copy(
        string input, (long Rows, ulong Sum) expected, DroppedTicks dropped, string path, IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken);
}
