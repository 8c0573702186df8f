namespace Microsoft.Extensions.Hosting;

/// <summary>A setting of log lines cannot be used; the sentence says what can.</summary>
/// <param name="message">The sentence.</param>
public sealed class LogSettingException(string message) : Exception(message)
{
    private const int WrongSetting = 2;

    /// <summary>Writes the sentence to standard error.</summary>
    /// <returns>The exit code of the program: 2.</returns>
    public int Tell()
    {
        Console.Error.WriteLine(Message);
        return WrongSetting;
    }
}
