using System.Security.Cryptography;
using System.Text;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>A server's data folder. It is created in one step, so it either has a usable database and its password or does not
/// exist.</summary>
internal sealed class PostgresDataFolder(string path, ServiceAccount? account)
{
    public const string Superuser = "postgres";

    private const string Version = "17";

    // The password file, in the format of PGPASSFILE.
    private const string PasswordFileName = "cloudticks.pgpass";
    private const string PasswordFilePrefix = "*:*:*:" + Superuser + ":";

    private static readonly Disk Disk = new();

    public static string PasswordFileOf(string dataFolder) => Path.Combine(dataFolder, PasswordFileName);

    private string VersionFile => Path.Combine(path, "PG_VERSION");

    /// <summary>Creates the folder with initdb when it does not exist; makes the server's user the owner of an existing folder.</summary>
    /// <param name="installation">The programs.</param>
    /// <param name="time">The clock for the wait while another process creates the folder.</param>
    /// <param name="onNotice">Receives a sentence about each change to an existing folder.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task EnsureAsync(
        LocalInstallation installation, TimeProvider time, Action<string>? onNotice, CancellationToken cancellationToken)
    {
        if (!File.Exists(VersionFile))
        {
            await CreateAsync(installation, time, cancellationToken);
        }
        else if (account?.IsForeign(path) == true)
        {
            account.TakeOver(path);
            onNotice?.Invoke(
                $"The owner of {path} is now user {account.Uid}, which only this server runs as; it was 'nobody', which other programs "
                + "also run as.");
        }

        var version = (await File.ReadAllTextAsync(VersionFile, cancellationToken)).Trim();
        if (version != Version)
        {
            throw new InvalidOperationException(
                $"{path} was created by PostgreSQL {version}, but this is PostgreSQL {Version}: choose another data folder, "
                    + "or upgrade it with pg_upgrade.");
        }
    }

    /// <summary>The superuser's password.</summary>
    public async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
    {
        var file = PasswordFileOf(path);
        if (!File.Exists(file))
        {
            throw new InvalidOperationException(
                $"{path} is a PostgreSQL data folder, but not one of CloudTicks ({PasswordFileName} is missing): "
                    + "choose another data folder.");
        }

        var text = await File.ReadAllTextAsync(file, cancellationToken);
        return text.Trim()[PasswordFilePrefix.Length..];
    }

    private async Task CreateAsync(LocalInstallation installation, TimeProvider time, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(path)!;
        CreateFolder(parent);
        using var creationLock = await FolderLock.TakeAsync(path + ".lock", () => { }, time, cancellationToken);
        if (account is not null)
        {
            LibC.ChangeOwner(path + ".lock", account.Uid, account.Gid);
        }

        if (File.Exists(VersionFile))
        {
            return;
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new InvalidOperationException($"{path} contains files that are not PostgreSQL's: choose an empty or a new data folder.");
        }

        foreach (var unfinished in Directory.EnumerateDirectories(parent, Path.GetFileName(path) + ".*.new"))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var unfinishedFolder = $"{path}.{Path.GetRandomFileName()}.new";
        try
        {
            CreateFolder(unfinishedFolder);
            // initdb needs a user with a name; the server does not.
            var initdbUser = account is { HasName: false }
                ? account with { Uid = ServiceAccount.Nobody, Gid = ServiceAccount.Nobody }
                : account;
            initdbUser?.TakeOver(unfinishedFolder);
            var data = await InitializeAsync(installation, initdbUser, unfinishedFolder, cancellationToken);
            account?.TakeOver(unfinishedFolder);
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(data, path);
            Disk.FlushFolder(parent);
        }
        finally
        {
            Directory.Delete(unfinishedFolder, recursive: true);
        }
    }

    private async Task<string> InitializeAsync(
        LocalInstallation installation, ServiceAccount? initdbUser, string folder, CancellationToken cancellationToken)
    {
        var data = Path.Combine(folder, "data");
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var passwordFile = Path.Combine(folder, "password");
        WriteSecret(passwordFile, password + "\n", initdbUser);
        var log = new LogTail();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = Path.Combine(installation.PostgresFolder, "initdb"),
                Arguments =
                [
                    "-D", data, "-U", Superuser, "--auth=scram-sha-256", $"--pwfile={passwordFile}",
                    "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions",
                ],
                WorkingFolder = folder,
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["TZ"] = "GMT" },
                Inherited = ChildVariables.Server,
                OnOutput = log.Add,
                OnError = log.Add,
                RunAs = initdbUser,
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"initdb could not create {path} (exit code {exitCode}): {log}");
        }

        WriteSecret(PasswordFileOf(data), PasswordFilePrefix + password + "\n", initdbUser);
        return data;
    }

    /// <summary>Writes as durably as initdb does, because the folder is useless without its password.</summary>
    private static void WriteSecret(string file, string text, ServiceAccount? owner)
    {
        var nextFile = file + ".next";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(nextFile, options).Dispose();
        if (owner is not null)
        {
            LibC.ChangeOwner(nextFile, owner.Uid, owner.Gid);
        }

        Disk.Replace(file, Encoding.UTF8.GetBytes(text), nextFile);
    }

    private void CreateFolder(string folder)
    {
        if (account is null)
        {
            PrivateFolder.Create(folder);
        }
        else
        {
            account.CreateFolder(folder);
        }
    }
}
