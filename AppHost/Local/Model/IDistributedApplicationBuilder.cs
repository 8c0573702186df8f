namespace Aspire.Hosting;

internal interface IDistributedApplicationBuilder
{
    /// <summary>
    /// AppHost's settings: its appsettings.json, then the environment, then command line options under <c>Parameters:</c>.
    /// </summary>
    public ConfigurationManager Configuration { get; }

    public DistributedApplication Build();
}
