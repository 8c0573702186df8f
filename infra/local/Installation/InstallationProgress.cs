namespace CloudTicks.LocalServices.Installation;

/// <summary>A step of an installation.</summary>
public enum InstallationStep
{
    /// <summary>Another process is installing; this process waits for it and uses the result.</summary>
    Waiting,

    /// <summary>The installation starts: the subject is its folder.</summary>
    Starting,

    /// <summary>The package lists are being read: the subject is the archive.</summary>
    PackageLists,

    /// <summary>A package is being downloaded: the subject is its name.</summary>
    Downloading,

    /// <summary>A package is unpacked: the subject is its name or its file name.</summary>
    Unpacking,

    /// <summary>The programs are being adapted to their folder, and tested.</summary>
    Preparing,

    /// <summary>The installation is complete: the subject is the folder.</summary>
    Done,
}

/// <summary>The progress of an installation.</summary>
/// <param name="Step">The step.</param>
/// <param name="Subject">What the step works on, such as the name of a package.</param>
/// <param name="Number">The number of the package in the step, from 1; 0 when the step has no packages.</param>
/// <param name="Count">The number of packages in the step.</param>
/// <param name="Bytes">The bytes of the packages before this one.</param>
/// <param name="TotalBytes">The bytes of all packages of the step.</param>
public sealed record InstallationProgress(
    InstallationStep Step, string Subject, int Number = 0, int Count = 0, long Bytes = 0, long TotalBytes = 0);
