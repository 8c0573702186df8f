namespace CloudTicks.TestServices.PowerLoss;

/// <summary>What a run did to its disk.</summary>
public enum OperationKind
{
    /// <summary>Bytes were written to a file: lost at a power cut, whole, cut or with holes, until the file is flushed.</summary>
    Write,

    /// <summary>A file was cut or grown.</summary>
    Truncate,

    /// <summary>A file was flushed: what was done to it before the flush began is durable.</summary>
    Flush,

    /// <summary>A name came into a folder; lost or not, until the folder is flushed.</summary>
    AddName,

    /// <summary>A file took the place of another name of its folder, in one step.</summary>
    Rename,

    /// <summary>A name left a folder.</summary>
    RemoveName,

    /// <summary>A folder was flushed: what was done to its names before the flush began is durable.</summary>
    FlushFolder,
}

/// <summary>One step of a run.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Path">The name concerned, below the data folder; of a flush of a folder, the folder.</param>
/// <param name="File">The file concerned, whatever its name is; -1 for a folder.</param>
/// <param name="Position">
/// Of a write: where. Of a truncation: the length. Of a flush: the number of the operation at which it began.
/// </param>
/// <param name="Bytes">Of a write: what.</param>
/// <param name="To">Of a renaming: the new name.</param>
public sealed record DiskOperation(
    OperationKind Kind, string Path, int File = -1, long Position = 0, byte[]? Bytes = null, string? To = null)
{
    /// <summary>True when it changes a file's content.</summary>
    public bool IsData => Kind is OperationKind.Write or OperationKind.Truncate;

    /// <summary>True when it changes a folder's names.</summary>
    public bool IsName => Kind is OperationKind.AddName or OperationKind.Rename or OperationKind.RemoveName;

    /// <summary>The folder whose names it changes.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? "";
}
