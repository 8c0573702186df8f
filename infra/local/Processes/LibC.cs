using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>The functions of the C library that .NET does not expose. Linux and macOS only (statx: Linux only).</summary>
internal static partial class LibC
{
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const int AtFdCwd = -100;
    private const int AtNoFollow = 0x100;
    private const uint StatxUidAndGid = 0x8 | 0x10;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Owner and group of a file or folder.</summary>
    /// <param name="path">An existing path; a link is not followed.</param>
    public static (uint Uid, uint Gid) OwnerOf(string path)
    {
        // struct statx has the same layout on every architecture, unlike struct stat: uid at byte 20, gid at byte 24 of 256.
        Span<byte> status = stackalloc byte[256];
        if (Statx(AtFdCwd, path, AtNoFollow, StatxUidAndGid, ref MemoryMarshal.GetReference(status)) != 0)
        {
            throw new IOException($"Cannot read the owner of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return (MemoryMarshal.Read<uint>(status[20..]), MemoryMarshal.Read<uint>(status[24..]));
    }

    /// <summary>Changes the owner of a file or folder.</summary>
    public static void ChangeOwner(string path, uint uid, uint gid)
    {
        if (ChangeOwnerOfLink(path, uid, gid) != 0)
        {
            throw new IOException($"Cannot change the owner of {path} to user {uid}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerOfLink(string path, uint uid, uint gid);
}
