namespace Aspire.Hosting;

/// <summary>A program of this solution; the build writes one class <c>Projects.X</c> for each.</summary>
internal interface IProjectMetadata
{
    /// <summary>Path of the built program, a .dll (in Aspire, of the project file).</summary>
    public string ProjectPath { get; }
}
