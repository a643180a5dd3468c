using Microsoft.Extensions.Configuration;

namespace TestPlugins.Good;

public sealed class GoodOptions
{
    [ConfigurationKeyName("share_percent")]
    public int SharePercent { get; set; } = 75;

    [ConfigurationKeyName("marker_file")]
    public string MarkerFile { get; set; } = "";
}
