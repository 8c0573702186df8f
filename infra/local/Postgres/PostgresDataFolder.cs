using System.Security.Cryptography;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>A server's data folder: made in one step, so that it either has a usable database and its password or is not there.</summary>
internal sealed class PostgresDataFolder(string path, ServiceAccount? account)
{
    public const string Superuser = "postgres";

    private const string Version = "17";

    // In the form that psql reads by PGPASSFILE.
    private const string PasswordFileName = "cloudticks.pgpass";
    private const string PasswordFilePrefix = "*:*:*:" + Superuser + ":";

    public static string PasswordFileOf(string dataFolder) => Path.Combine(dataFolder, PasswordFileName);

    private string VersionFile => Path.Combine(path, "PG_VERSION");

    /// <summary>Makes the folder with initdb when it is not there.</summary>
    public async Task EnsureAsync(LocalInstallation installation, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(VersionFile))
        {
            await CreateAsync(installation, time, cancellationToken);
        }

        var version = (await File.ReadAllTextAsync(VersionFile, cancellationToken)).Trim();
        if (version != Version)
        {
            throw new InvalidOperationException(
                $"{path} was made by PostgreSQL {version}, and this is PostgreSQL {Version}: choose another data folder, or upgrade it with pg_upgrade.");
        }
    }

    /// <summary>The superuser's password.</summary>
    public async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
    {
        var file = PasswordFileOf(path);
        if (!File.Exists(file))
        {
            throw new InvalidOperationException(
                $"{path} is a PostgreSQL data folder, but not one of CloudTicks ({PasswordFileName} is missing): choose another data folder.");
        }

        var text = await File.ReadAllTextAsync(file, cancellationToken);
        return text.Trim()[PasswordFilePrefix.Length..];
    }

    private async Task CreateAsync(LocalInstallation installation, TimeProvider time, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(path)!;
        CreateFolder(parent);
        using var creating = await FileLock.TakeAsync(path + ".lock", () => { }, time, cancellationToken);
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
            throw new InvalidOperationException($"{path} holds files that are not PostgreSQL's: choose an empty or a new data folder.");
        }

        foreach (var unfinished in Directory.EnumerateDirectories(parent, Path.GetFileName(path) + ".*.new"))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var unfinishedFolder = $"{path}.{Path.GetRandomFileName()}.new";
        try
        {
            CreateFolder(unfinishedFolder);
            var data = await InitializeAsync(installation, unfinishedFolder, cancellationToken);
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(data, path);
        }
        finally
        {
            Directory.Delete(unfinishedFolder, recursive: true);
        }
    }

    private async Task<string> InitializeAsync(LocalInstallation installation, string folder, CancellationToken cancellationToken)
    {
        var data = Path.Combine(folder, "data");
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var passwordFile = Path.Combine(folder, "password");
        await WriteSecretAsync(passwordFile, password + "\n", cancellationToken);
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
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["TZ"] = "GMT", ["PGDATA"] = null },
                OnOutput = log.Add,
                OnError = log.Add,
                RunAs = account,
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"initdb could not make {path} (exit code {exitCode}): {log}");
        }

        await WriteSecretAsync(PasswordFileOf(data), PasswordFilePrefix + password + "\n", cancellationToken);
        return data;
    }

    private async Task WriteSecretAsync(string file, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var writer = new StreamWriter(file, options))
        {
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        }

        if (account is not null)
        {
            LibC.ChangeOwner(file, account.Uid, account.Gid);
        }
    }

    private void CreateFolder(string folder)
    {
        if (account is null)
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            account.CreateFolder(folder);
        }
    }
}
