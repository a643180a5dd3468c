using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace SwarmPool.Tests.Plugins;

public sealed class SlotOptionsTests
{
    [Fact]
    public void Options_set_in_code_are_validated_at_start()
    {
        var pool = new PluginBuilder();
        pool.AddSlotOptions<CableOptions, CableCheck>(options => options.Metres = 0);
        Assert.Equal(["metres: 0 is out of range; it must be 1 to 100"], pool.ProblemsAtStart());
        pool.AddSlotOptions<CableOptions, CableCheck>(options => options.Metres = 5);
        Assert.Empty(pool.ProblemsAtStart());
    }

    [Fact]
    public void Without_a_word_the_defaults_hold()
    {
        var pool = new PluginBuilder();
        pool.AddSlotOptions<CableOptions, CableCheck>();
        Assert.Empty(pool.ProblemsAtStart());
        Assert.Equal(10, pool.Options<CableOptions>().Metres);
    }

    [Fact]
    public void A_validator_that_is_added_twice_speaks_once()
    {
        var pool = new PluginBuilder();
        pool.AddSlotOptions<CableOptions, CableCheck>().AddSlotOptions<CableOptions, CableCheck>(options => options.Metres = 0);
        Assert.Single(pool.ProblemsAtStart());
    }

    [Fact]
    public void A_section_sets_text_numbers_lists_objects_and_dictionaries()
    {
        var options = Read("""{ "METRES": 7, "colours": ["red", "blue"], "plug": { "pins": 3 }, "ends": { "a": { "pins": 4 }, "b": {} } }""").Options<CableOptions>();
        Assert.Equal((7, "red blue", 3, 4, 2), (options.Metres, string.Join(' ', options.Colours), options.Plug.Pins, options.Ends["a"].Pins, options.Ends.Count));
    }

    [Fact]
    public void An_empty_section_keeps_the_defaults()
    {
        var pool = Read("{}");
        Assert.Empty(pool.ProblemsAtStart());
        Assert.Equal(10, pool.Options<CableOptions>().Metres);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var problems = Read("""{ "metres": "far", "grade": "best", "weight": 0, "lenght": 1, "plug": { "pins": "two", "pin": 1 }, "ends": { "a": { "pims": 1 } } }""").ProblemsAtStart();
        Assert.Collection(
            problems,
            one => Assert.Equal("ends:a:pims: no such option of some; known are pins", one),
            one => Assert.StartsWith("grade: ", one, StringComparison.Ordinal),
            one => Assert.Equal("lenght: no such option of some; known are metres, weight, grade, colours, plug, ends", one),
            one => Assert.Contains("'far' at 'plugins:some:metres'", one, StringComparison.Ordinal),
            one => Assert.Contains("'two' at 'plugins:some:plug:pins'", one, StringComparison.Ordinal),
            one => Assert.Equal("plug:pin: no such option of some; known are pins", one),
            one => Assert.Equal("weight: 0 is out of range; it must be 1 to 9", one));
    }

    [Fact]
    public void A_value_that_cannot_be_read_is_said_to_whoever_asks_for_the_options_before_the_start() =>
        Assert.Contains("metres: ", Assert.Throws<OptionsValidationException>(() => Read("""{ "metres": "far" }""").Options<CableOptions>()).Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_binder_throws_for_another_reason_is_no_problem_of_the_options()
    {
        var pool = new PluginBuilder();
        pool.AddSlotOptions<CableOptions, CableCheck>(PluginBuilder.Section("""{ "metres": 1 }"""), static (_, _) => throw new FormatException("a bug"));
        Assert.Throws<FormatException>(() => pool.Options<CableOptions>());
    }

    [Fact]
    public void Slots_of_one_plugin_share_a_section_and_fill_what_it_lists()
    {
        Assert.Equal(["cable", "drum"], Filled("{}"));
        Assert.Equal(["drum"], Filled("""{ "slots": ["drum"] }"""));
        Assert.Equal(["cable"], Filled("""{ "slots": "cable" }"""));

        static List<string> Filled(string json)
        {
            var pool = ReadBoth(json);
            Assert.Empty(pool.ProblemsAtStart());
            return pool.Filled;
        }
    }

    [Fact]
    public void A_key_of_a_slot_that_is_not_listed_is_known()
    {
        var pool = ReadBoth("""{ "slots": ["cable"], "turns": 3, "metres": 3 }""");
        Assert.Empty(pool.ProblemsAtStart());
        Assert.Equal(3, pool.Options<CableOptions>().Metres);
    }

    [Fact]
    public void A_key_that_no_slot_has_is_said_once_and_so_is_a_slot_that_the_plugin_lacks()
    {
        var problems = ReadBoth("""{ "slots": ["cable", "drum", "winch"], "turn": 3, "turns": 0, "plug": { "screws": 2 }, "metres": 0 }""").ProblemsAtStart();
        Assert.Equal(
            [
                "metres: 0 is out of range; it must be 1 to 100",
                "slots: 'winch' is not a slot of this plugin; known are cable, drum",
                "turn: no such option of some; known are metres, weight, grade, colours, plug, ends, turns",
                "turns: 0 is out of range; it must be 1 to 9",
            ],
            problems);
    }

    [Fact]
    public void A_plugin_with_one_slot_has_no_list_of_slots() =>
        Assert.StartsWith("slots: no such option", Assert.Single(Read("""{ "slots": ["cable"] }""").ProblemsAtStart()), StringComparison.Ordinal);

    private static PluginBuilder Read(string json)
    {
        var pool = new PluginBuilder();
        pool.AddSlotOptions<CableOptions, CableCheck>(PluginBuilder.Section(json), ConfigurationBinder.Bind);
        return pool;
    }

    private static PluginBuilder ReadBoth(string json)
    {
        var pool = new PluginBuilder();
        pool.FillSlots(PluginBuilder.Section(json),
        [
            new("cable", typeof(CableOptions), static (builder, section) => builder
                .AddSlotOptions<CableOptions, CableCheck>(section, ConfigurationBinder.Bind).Fill("cable", static _ => new object())),
            new("drum", typeof(DrumOptions), static (builder, section) => builder
                .AddSlotOptions<DrumOptions, DrumCheck>(section, ConfigurationBinder.Bind).Fill("drum", static _ => new object())),
        ]);
        return pool;
    }

    internal enum Grade
    {
        Plain,
        Fine,
    }

    internal sealed class CableOptions
    {
        [ConfigurationKeyName("metres")]
        public int Metres { get; set; } = 10;

        [ConfigurationKeyName("weight")]
        public int Weight { get; set; } = 1;

        [ConfigurationKeyName("grade")]
        public Grade Grade { get; set; }

        [ConfigurationKeyName("colours")]
        public IList<string> Colours { get; } = [];

        [ConfigurationKeyName("plug")]
        public PlugOptions Plug { get; set; } = new();

        [ConfigurationKeyName("ends")]
        public Dictionary<string, PlugOptions> Ends { get; set; } = [];
    }

    internal sealed class PlugOptions
    {
        [ConfigurationKeyName("pins")]
        public int Pins { get; set; } = 2;
    }

    internal sealed class DrumOptions
    {
        [ConfigurationKeyName("turns")]
        public int Turns { get; set; } = 1;

        [ConfigurationKeyName("plug")]
        public DrumPlugOptions Plug { get; set; } = new();
    }

    internal sealed class DrumPlugOptions
    {
        [ConfigurationKeyName("screws")]
        public int Screws { get; set; }
    }

    private sealed class CableCheck : IValidateOptions<CableOptions>
    {
        public ValidateOptionsResult Validate(string? name, CableOptions options)
        {
            var problems = new ValidateOptionsResultBuilder();
            problems.CheckRange("metres", options.Metres, 1, 100);
            problems.CheckRange("weight", options.Weight, 1, 9);
            return problems.Build();
        }
    }

    private sealed class DrumCheck : IValidateOptions<DrumOptions>
    {
        public ValidateOptionsResult Validate(string? name, DrumOptions options)
        {
            var problems = new ValidateOptionsResultBuilder();
            problems.CheckRange("turns", options.Turns, 1, 9);
            return problems.Build();
        }
    }
}
