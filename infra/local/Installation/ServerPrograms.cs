using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Installation;

/// <summary>Patches PostgreSQL's programs, so that they load the installed libraries from the final folder.</summary>
internal sealed class ServerPrograms(HostSystem host, string patchelf, string folder, string finalFolder)
{
    private static readonly string[] Programs =
        ["postgres", "initdb", "pg_ctl", "pg_controldata", "pg_dump", "pg_isready", "pg_restore", "pg_resetwal", "psql"];

    private string LibraryFolder => Path.Combine("usr/lib", host.LibraryTriplet);

    private string Loader => Path.Combine(
        LibraryFolder, host.DebianArchitecture == "arm64" ? "ld-linux-aarch64.so.1" : "ld-linux-x86-64.so.2");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var program in Programs)
        {
            var path = Path.Combine(folder, InstallationLayout.PostgresFolder, program);
            await RequireSuccessAsync(
                patchelf,
                ["--set-interpreter", Path.Combine(finalFolder, Loader), "--force-rpath", "--set-rpath",
                    Path.Combine(finalFolder, LibraryFolder), path],
                cancellationToken);
            await RequireLibrariesAsync(path, cancellationToken);
        }

        var extension = Directory.GetFiles(Path.Combine(folder, "usr/lib/postgresql/17/lib"), "timescaledb-*.so");
        foreach (var library in extension)
        {
            await RequireLibrariesAsync(library, cancellationToken);
        }

        if (extension.Length == 0)
        {
            throw new IOException("the package of TimescaleDB does not contain timescaledb-*.so");
        }

        await RequireSuccessAsync(Path.Combine(folder, InstallationLayout.NatsServer), ["--version"], cancellationToken);
    }

    // Calls the loader in the temporary folder: the program refers to the one in the final folder, which does not exist yet.
    private Task RequireLibrariesAsync(string path, CancellationToken cancellationToken) =>
        RequireSuccessAsync(
            Path.Combine(folder, Loader), ["--inhibit-cache", "--library-path", Path.Combine(folder, LibraryFolder), "--list", path],
            cancellationToken);

    private static async Task RequireSuccessAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var errors = new LogTail();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = program,
                Arguments = arguments,
                Inherited = ChildVariables.Server,
                OnError = errors.Add,
            }, cancellationToken);
        if (exitCode != 0)
        {
            throw new IOException($"{Path.GetFileName(program)} failed on {Path.GetFileName(arguments[^1])}: {errors}");
        }
    }
}
