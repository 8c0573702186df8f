namespace CloudTicks.Lake.Files;

/// <summary>Writes and merges files of ticks: Parquet in production, a simpler format in tests that simulate power cuts.</summary>
internal interface ITickFiles
{
    /// <summary>Starts a file. Only one may be open at a time.</summary>
    public ITickFile Create(string path, IReadOnlyDictionary<string, string> metadata);

    /// <summary>Merges files into one, sorted, with each tick once.</summary>
    public TickFileFigures Merge(
        IReadOnlyList<string> inputs, string path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>Copies a file's ticks in order, without the dropped ones.</summary>
    /// <param name="expected">The number of ticks in the file and the sum of their identities, from its manifest.</param>
    /// <returns>The figures of the copy; null, and no file, when nothing is left.</returns>
    /// <exception cref="LakeException">The file cannot be read, or holds other ticks than expected.</exception>
    public TickFileFigures? Copy(
        string input, (long Rows, ulong Sum) expected, DroppedTicks dropped, string path, IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken);

    /// <summary>Frees what is kept from one file to the next. No file is open.</summary>
    public void Release();
}
