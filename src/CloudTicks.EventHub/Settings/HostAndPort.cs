using System.Globalization;

namespace CloudTicks.EventHub.Settings;

internal static class HostAndPort
{
    public static bool TryParse(string text, out (string Host, int Port) parsed)
    {
        var colon = text.LastIndexOf(':');
        parsed = default;
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            return false;
        }

        parsed = (text[..colon].Trim('[', ']'), port);
        return true;
    }

    public static (string Host, int Port) Parse(string text) =>
        TryParse(text, out var parsed) ? parsed : throw new FormatException($"{text} is not host:port.");
}
