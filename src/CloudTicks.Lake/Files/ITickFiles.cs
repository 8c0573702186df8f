namespace CloudTicks.Lake.Files;

/// <summary>Writes and merges files of ticks: Parquet in production, a simpler format in tests that simulate power cuts.</summary>
internal interface ITickFiles
{
    /// <summary>Starts a file. Only one file may be open at a time.</summary>
    public ITickFile Create(string path, IReadOnlyDictionary<string, string> metadata);

    /// <summary>Merges files into one sorted file without repeated ticks.</summary>
    public TickFileFigures Merge(
        IReadOnlyList<string> inputs, string path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>Copies a file's ticks in order, without the dropped ones.</summary>
    /// <param name="expected">The number of ticks in the file and the sum of their identities, from its manifest.</param>
    /// <returns>The figures of the copy; null if no tick is left, in which case no file is written.</returns>
    /// <exception cref="LakeException">The file cannot be read, or its ticks are not the expected ones.</exception>
    public TickFileFigures? Copy(
        string input, (long Rows, ulong Sum) expected, DroppedTicks dropped, string path, IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken);

    /// <summary>Frees the resources that consecutive files share. Must not be called while a file is open.</summary>
    public void Release();
}
