namespace Aspire.Hosting;

internal interface IDistributedApplicationBuilder
{
    /// <summary>
    /// AppHost's settings, the highest priority last: its appsettings.json, the environment, the command line under <c>Parameters:</c>.
    /// </summary>
    public ConfigurationManager Configuration { get; }

    public DistributedApplication Build();
}
