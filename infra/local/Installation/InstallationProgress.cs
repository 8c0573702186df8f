namespace CloudTicks.LocalServices.Installation;

/// <summary>What an installation is doing.</summary>
public enum InstallationStep
{
    /// <summary>Another process installs; this one waits for it and then uses the result.</summary>
    Waiting,

    /// <summary>It starts: the subject is the folder that it fills.</summary>
    Starting,

    /// <summary>The package lists are read: the subject is the archive.</summary>
    PackageLists,

    /// <summary>A package is downloaded: the subject is its name.</summary>
    Downloading,

    /// <summary>A package is unpacked: the subject is its name.</summary>
    Unpacking,

    /// <summary>The programs are adapted to where they lie, and tried.</summary>
    Preparing,

    /// <summary>It is in place: the subject is the folder.</summary>
    Done,
}

/// <summary>How far an installation is.</summary>
/// <param name="Step">What it is doing.</param>
/// <param name="Subject">To what.</param>
/// <param name="Number">The how many-th package of the step, from 1; 0 where nothing is counted.</param>
/// <param name="Count">Of how many.</param>
/// <param name="Bytes">Bytes of the packages before this one.</param>
/// <param name="TotalBytes">Bytes of all packages of the step.</param>
public sealed record InstallationProgress(
    InstallationStep Step, string Subject, int Number = 0, int Count = 0, long Bytes = 0, long TotalBytes = 0);
