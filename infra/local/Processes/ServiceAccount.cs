using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.LocalServices.Processes;

/// <summary>The unprivileged user of a server when this process is root.</summary>
/// <param name="Uid">Its user id.</param>
/// <param name="Gid">Its group id.</param>
/// <param name="PassesClosedFolders">
/// Whether the server keeps CAP_DAC_READ_SEARCH, because the account has no access to a folder above its files (such as /root).
/// </param>
internal sealed record ServiceAccount(uint Uid, uint Gid, bool PassesClosedFolders)
{
    public const uint Nobody = 65534;

    /// <summary>The first id of a range that neither people nor system services use, and that containers map.</summary>
    private const uint FirstDedicated = 64_100;
    private const uint LastDedicated = 64_899;

    private static readonly EnumerationOptions EveryEntry = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>Whether <c>/etc/passwd</c> names this user id.</summary>
    public bool HasName => NamedIds().Contains(Uid);

    /// <summary>The account of a server whose files are in <paramref name="dataFolder"/>; null when this process is not root.</summary>
    /// <remarks>
    /// The account is the owner of the data folder or, before it exists, of the nearest existing folder above it: after <c>sudo</c> in a
    /// user's folder the files belong to that user. When that owner is root or nobody (which other programs share), the account is an
    /// unused id, which then owns the data folder.
    /// </remarks>
    /// <param name="dataFolder">Absolute path of the server's data; need not exist.</param>
    /// <param name="programFolder">Absolute path of the server's programs.</param>
    public static ServiceAccount? For(string dataFolder, string programFolder)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var (uid, gid) = LibC.OwnerOf(NearestExisting(dataFolder));
        if (uid is 0 or Nobody)
        {
            uid = gid = DedicatedId(dataFolder);
        }

        var isClosed = IsClosedTo(uid, NearestExisting(dataFolder)) || IsClosedTo(uid, programFolder);
        return new ServiceAccount(uid, gid, isClosed);
    }

    /// <summary>The options of setpriv(1) that change to this account.</summary>
    public IEnumerable<string> SetprivArguments()
    {
        string[] identity =
        [
            "--reuid", Uid.ToString(CultureInfo.InvariantCulture), "--regid", Gid.ToString(CultureInfo.InvariantCulture), "--clear-groups",
        ];

        // Without the secure bit, the capability permits opening files, but access(2), with which initdb looks for postgres, still fails.
        return PassesClosedFolders
            ? [.. identity, "--inh-caps", "-all,+dac_read_search", "--ambient-caps", "-all,+dac_read_search", "--securebits",
                "+no_setuid_fixup"]
            : identity;
    }

    /// <summary>Creates a folder, and missing folders above it, that belong to this account.</summary>
    public void CreateFolder(string folder)
    {
        var missingFolders = new Stack<string>();
        for (var path = folder; !Directory.Exists(path); path = Path.GetDirectoryName(path)!)
        {
            missingFolders.Push(path);
        }

        foreach (var path in missingFolders)
        {
            PrivateFolder.Create(path);
            LibC.ChangeOwner(path, Uid, Gid);
        }
    }

    /// <summary>Changes the owner of a folder and its content to this account.</summary>
    public void TakeOver(string folder)
    {
        LibC.ChangeOwner(folder, Uid, Gid);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", EveryEntry))
        {
            LibC.ChangeOwner(path, Uid, Gid);
        }
    }

    /// <summary>Whether another user owns a folder.</summary>
    public bool IsForeign(string folder) => LibC.OwnerOf(folder).Uid != Uid;

    private static string NearestExisting(string path)
    {
        while (!Directory.Exists(path))
        {
            path = Path.GetDirectoryName(path)!;
        }

        return path;
    }

    [SupportedOSPlatform("linux")]
    private static bool IsClosedTo(uint uid, string folder)
    {
        for (var path = folder; path is not null; path = Path.GetDirectoryName(path))
        {
            var mode = File.GetUnixFileMode(path);
            var needed = LibC.OwnerOf(path).Uid == uid ? UnixFileMode.UserExecute : UnixFileMode.OtherExecute;
            if (!mode.HasFlag(needed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Derives an id from the folder's path, and skips ids that are in use or not mapped in this user namespace; <c>nobody</c> when no id
    /// of the range remains.
    /// </summary>
    private static uint DedicatedId(string dataFolder)
    {
        const uint Count = LastDedicated - FirstDedicated + 1;
        var usedIds = NamedIds().Concat(OwnersOfProcesses()).ToHashSet();
        var firstIndex = BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder))) % Count;
        for (var step = 0u; step < Count; step++)
        {
            var uid = FirstDedicated + ((firstIndex + step) % Count);
            if (!usedIds.Contains(uid) && IsMapped(uid))
            {
                return uid;
            }
        }

        return Nobody;
    }

    private static IEnumerable<uint> NamedIds() => !File.Exists("/etc/passwd") ? []
        : File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 2)
            .Select(fields => uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid) ? uid : 0);

    private static IEnumerable<uint> OwnersOfProcesses() => Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(folder =>
        {
            try
            {
                return LibC.OwnerOf(folder).Uid;
            }
            catch (IOException)
            {
                return 0u; // the process has ended
            }
        });

    /// <summary>
    /// Whether this user namespace maps the id; a line of its map has the first id inside, the first outside and the count.
    /// </summary>
    private static bool IsMapped(uint uid) => !File.Exists("/proc/self/uid_map") || File.ReadLines("/proc/self/uid_map")
        .Select(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(field => ulong.Parse(field, CultureInfo.InvariantCulture))
                .ToArray())
        .Any(range => uid >= range[0] && uid < range[0] + range[2]);
}
