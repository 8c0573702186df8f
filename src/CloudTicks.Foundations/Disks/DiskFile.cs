using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Foundations.Disks;

/// <summary>A file with positioned reads and writes. Tests override writing and flushing to make the disk fail.</summary>
public class DiskFile(string path, SafeFileHandle handle) : IDisposable
{
    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>Length in bytes.</summary>
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Writes buffers one after another, starting at a position.</summary>
    public virtual void Write(long position, IReadOnlyList<ReadOnlyMemory<byte>> pieces) => RandomAccess.Write(handle, pieces, position);

    /// <summary>Writes bytes at a position.</summary>
    public void Write(long position, ReadOnlyMemory<byte> bytes) => Write(position, [bytes]);

    /// <summary>Reads until the span is full or the file ends.</summary>
    public int Read(long position, Span<byte> into)
    {
        var total = 0;
        while (total < into.Length)
        {
            var read = RandomAccess.Read(handle, into[total..], position + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    /// <summary>Makes everything written so far durable.</summary>
    /// <exception cref="IOException">The kernel could not write it. The content on disk is unknown.</exception>
    public virtual void Flush()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (SystemCalls.DataSync(handle) != 0)
        {
            var failure = SystemCalls.Failure($"{path} cannot be flushed");

            // Written data may be lost, so the caller must not treat this as a refused write that can be retried.
            throw Disk.IsReadOnly(failure) ? new IOException(failure.Message, failure) : failure;
        }
    }

    /// <summary>Sets the length of the file.</summary>
    public virtual void Truncate(long length) => RandomAccess.SetLength(handle, length);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
