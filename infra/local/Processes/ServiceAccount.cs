using System.Globalization;
using System.Runtime.Versioning;

namespace CloudTicks.LocalServices.Processes;

/// <summary>The ordinary user as whom a server runs that refuses root, when this process is root.</summary>
/// <param name="Uid">Its user number.</param>
/// <param name="Gid">Its group number.</param>
/// <param name="PassesClosedFolders">
/// Keeps CAP_DAC_OVERRIDE, because a folder on the way to its files (such as /root) is closed to it.
/// </param>
internal sealed record ServiceAccount(uint Uid, uint Gid, bool PassesClosedFolders)
{
    private const uint Nobody = 65534;

    /// <summary>The account for a server whose files are in <paramref name="dataFolder"/>; null when this process is not root.</summary>
    /// <remarks>
    /// The owner of the data folder or, before it exists, of the nearest folder above it, so that <c>sudo</c> in a user's folder
    /// leaves files of that user; nobody where that is root or a number without a name (initdb wants a name).
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
        if (uid == 0 || !HasName(uid))
        {
            (uid, gid) = (Nobody, Nobody);
        }

        var closed = IsClosedTo(uid, NearestExisting(dataFolder)) || IsClosedTo(uid, programFolder);
        return new ServiceAccount(uid, gid, closed);
    }

    /// <summary>The options of setpriv(1) that change to this account.</summary>
    public IEnumerable<string> SetprivArguments()
    {
        string[] identity =
        [
            "--reuid", Uid.ToString(CultureInfo.InvariantCulture), "--regid", Gid.ToString(CultureInfo.InvariantCulture), "--clear-groups",
        ];

        // Without the secure bit the capability opens files but access(2), by which initdb looks for postgres, denies it.
        return PassesClosedFolders
            ? [.. identity, "--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override", "--securebits", "+no_setuid_fixup"]
            : identity;
    }

    /// <summary>Makes a folder, and those above it that are missing, that belong to this account.</summary>
    public void CreateFolder(string folder)
    {
        var missing = new Stack<string>();
        for (var path = folder; !Directory.Exists(path); path = Path.GetDirectoryName(path)!)
        {
            missing.Push(path);
        }

        foreach (var path in missing)
        {
            Directory.CreateDirectory(path);
            LibC.ChangeOwner(path, Uid, Gid);
        }
    }

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

    private static bool HasName(uint uid) =>
        File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(line => line.Split(':') is [_, _, var number, ..] && number == $"{uid}");
}
