using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>What ends a start with a sentence for the operator instead of a stack trace.</summary>
public static class StartRefusal
{
    /// <summary>Whether an exception of the start is explained by its message: a wrong setting, a taken port, a missing library.</summary>
    /// <param name="exception">What building or starting the host threw.</param>
    public static bool Covers(Exception exception) => exception is StartException or OptionsValidationException or FormatException
        or InvalidOperationException or DllNotFoundException or IOException or SocketException;

    /// <summary>Writes the sentences to standard error.</summary>
    /// <param name="exception">What building or starting the host threw.</param>
    /// <param name="options">By setting, the option that the user typed for it.</param>
    public static int Report(Exception exception, IReadOnlyDictionary<string, string>? options = null)
    {
        foreach (var sentence in SettingProblem.Sentences(exception, options))
        {
            Console.Error.WriteLine(sentence);
        }

        return ServiceExitCodes.NotStarted;
    }
}
