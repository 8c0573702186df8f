using CloudTicks.Foundations;

namespace CloudTicks.LocalServices.Installation;

/// <summary>Builds an installation in a temporary folder, tests it, and renames the folder when it is complete.</summary>
/// <param name="options">The cache folder, the machine and its limits.</param>
/// <param name="layout">The final folder.</param>
/// <param name="content">Fills the temporary folder.</param>
/// <param name="progress">Receives the steps.</param>
internal sealed class InstallationBuild(
    InstallationOptions options, InstallationLayout layout, IInstallationContent content, IProgress<InstallationProgress>? progress)
{
    private const long FullDiskBytes = 8_000_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(layout.Root);
            using var folderLock = await FolderLock.TakeAsync(
                layout.LockFile, () => Report(InstallationStep.Waiting, layout.LockFile), options.Time, cancellationToken);
            RemoveLeftovers();
            if (!await layout.IsCompleteAsync(cancellationToken))
            {
                await BuildAsync(cancellationToken);
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            throw content.Unavailable($"{layout.Root} cannot be written to ({refused.Message.TrimEnd('.')})", refused);
        }
        catch (IOException failed) when (failed is not FileNotFoundException)
        {
            throw content.Unavailable($"writing below {layout.Root} failed ({failed.Message.TrimEnd('.')})", failed);
        }
    }

    private async Task BuildAsync(CancellationToken cancellationToken)
    {
        content.RequirePrograms();
        RequireSpace();
        Report(InstallationStep.Starting, layout.Folder);
        var folder = layout.NewTemporaryFolder();
        Directory.CreateDirectory(folder);
        try
        {
            var packages = await content.FillAsync(folder, cancellationToken);
            await layout.WriteManifestAsync(folder, packages, cancellationToken);
            MoveIntoPlace(folder);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // On a full disk programs fail with arbitrary errors, or with a bus error and no message.
            var free = FreeBytes();
            Remove(folder);
            if (free < FullDiskBytes)
            {
                throw content.Unavailable($"the disk is full (only {free / 1_000_000} MB free in {layout.Root})", failed);
            }

            throw;
        }
        catch
        {
            Remove(folder);
            throw;
        }

        Report(InstallationStep.Done, layout.Folder);
    }

    private void RequireSpace()
    {
        var free = FreeBytes();
        if (free < content.RequiredBytes)
        {
            throw content.Unavailable(
                $"the disk is full ({content.RequiredBytes / 1_000_000} MB needed in {layout.Root}, {free / 1_000_000} MB free)");
        }
    }

    private long FreeBytes() => new DriveInfo(layout.Root).AvailableFreeSpace;

    private void MoveIntoPlace(string folder)
    {
        if (Directory.Exists(layout.Folder))
        {
            // The old folder is incomplete: the user deleted a part of it or moved the cache. Running programs keep their open files.
            var oldFolder = layout.NewTemporaryFolder();
            Directory.Move(layout.Folder, oldFolder);
            Directory.Move(folder, layout.Folder);
            Remove(oldFolder);
            return;
        }

        Directory.Move(folder, layout.Folder);
    }

    private void RemoveLeftovers()
    {
        foreach (var folder in layout.TemporaryFolders())
        {
            Remove(folder);
        }
    }

    /// <summary>
    /// Deletes as much of the folder as possible. A child of a process that was just killed may still write there; the next installation
    /// deletes the rest.
    /// </summary>
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The folder keeps its temporary name, so nothing uses it.
        }
    }

    private void Report(InstallationStep step, string subject) => progress?.Report(new InstallationProgress(step, subject));
}
