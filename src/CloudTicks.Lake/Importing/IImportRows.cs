namespace CloudTicks.Lake.Importing;

/// <summary>The rows of an imported file, as text.</summary>
internal interface IImportRows : IDisposable
{
    /// <summary>The number of the last row read, from 1; 0 before the first.</summary>
    public long Number { get; }

    /// <summary>The unit that <see cref="Number"/> counts: <c>line</c> or <c>row</c>.</summary>
    public string Unit { get; }

    /// <summary>Reads the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ImportRowException">The row is malformed.</exception>
    /// <exception cref="InvalidDataException">The file is damaged from here on.</exception>
    public bool TryRead(TextRow row);
}
