using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>The ticks of an imported file, in file order.</summary>
internal interface IImportTicks : IDisposable
{
    /// <summary>The number of the last line or row read, from 1; 0 before the first.</summary>
    public long Number { get; }

    /// <summary>The unit that <see cref="Number"/> counts: <c>line</c> or <c>row</c>.</summary>
    public string Unit { get; }

    /// <summary>Reads the next tick; its spans are valid until the next call.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ImportRowException">The row is not a tick.</exception>
    /// <exception cref="InvalidDataException">The file is damaged from here on.</exception>
    public bool TryRead(ref Tick tick);
}
