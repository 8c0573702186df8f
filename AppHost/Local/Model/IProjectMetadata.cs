namespace Aspire.Hosting;

/// <summary>A program of this solution; the build generates a class <c>Projects.X</c> for each.</summary>
internal interface IProjectMetadata
{
    /// <summary>Path of the built .dll (under Aspire: of the project file).</summary>
    public string ProjectPath { get; }
}
