using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Foundations.Disks;

/// <summary>A file that is written at positions and flushed. Tests override writing and flushing to make the disk fail.</summary>
public class DiskFile(string path, SafeFileHandle handle) : IDisposable
{
    /// <summary>Where it was opened.</summary>
    public string Path => path;

    /// <summary>Its bytes.</summary>
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Writes pieces one behind the other.</summary>
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

    /// <summary>Returns when everything written so far survives a power cut.</summary>
    /// <exception cref="IOException">The kernel could not write it; what is on disk is then unknown.</exception>
    public virtual void Flush()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (SystemCalls.DataSync(handle) != 0)
        {
            var failure = SystemCalls.Failure($"{path} cannot be flushed");

            // What was written may be lost: not the failure of a write that was not permitted and can be made again.
            throw Disk.IsReadOnly(failure) ? new IOException(failure.Message, failure) : failure;
        }
    }

    /// <summary>Cuts or grows the file.</summary>
    public virtual void Truncate(long length) => RandomAccess.SetLength(handle, length);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
