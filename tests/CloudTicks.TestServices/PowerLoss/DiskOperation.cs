namespace CloudTicks.TestServices.PowerLoss;

/// <summary>The kinds of operations on a disk.</summary>
public enum OperationKind
{
    /// <summary>
    /// Bytes were written to a file. Until the file is flushed, a power cut may lose the write, keep it, cut it short or leave holes in it.
    /// </summary>
    Write,

    /// <summary>A file was truncated or extended.</summary>
    Truncate,

    /// <summary>A file was flushed: everything done to it before the flush began is durable.</summary>
    Flush,

    /// <summary>A name was created in a folder. Until the folder is flushed, a power cut may lose it.</summary>
    AddName,

    /// <summary>A file was atomically renamed within its folder, and may have replaced another file.</summary>
    Rename,

    /// <summary>A name was removed from a folder. Until the folder is flushed, a power cut may restore it.</summary>
    RemoveName,

    /// <summary>A folder was flushed: every change of its names before the flush began is durable.</summary>
    FlushFolder,
}

/// <summary>One disk operation of a run.</summary>
/// <param name="Kind">What the operation did.</param>
/// <param name="Path">The path below the data folder; for the flush of a folder, the folder.</param>
/// <param name="File">The file's number, which stays the same when the file is renamed; -1 for a folder.</param>
/// <param name="Position">
/// For a write, its position. For a truncation, the new length. For a flush, the number of the operation at which it began.
/// </param>
/// <param name="Bytes">For a write, its bytes.</param>
/// <param name="To">For a rename, the new name.</param>
public sealed record DiskOperation(
    OperationKind Kind, string Path, int File = -1, long Position = 0, byte[]? Bytes = null, string? To = null)
{
    /// <summary>True if the operation changes a file's content.</summary>
    public bool IsData => Kind is OperationKind.Write or OperationKind.Truncate;

    /// <summary>True if the operation changes a folder's names.</summary>
    public bool IsName => Kind is OperationKind.AddName or OperationKind.Rename or OperationKind.RemoveName;

    /// <summary>The folder whose names the operation changes.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? "";
}
