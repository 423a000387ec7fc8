-- One row: a parcel with what of its way the feeds told: which outlets' and which carrier's scans were lost or late.
with shown as (
    select
        routes.* exclude (pattern),
        routes.pattern,
        dice(((routes.origin * 10 + routes.carrier_no) * 10 + routes.outlet) * 1000 + collected // 172800, 'outlet is lost')
            < $share_honest_outlet_feed_loss as pickup_lost,
        dice(((routes.destination * 10 + routes.carrier_no) * 10) * 1000 + outlet_in // 172800, 'outlet is lost')
            < $share_honest_outlet_feed_loss as ending_lost,
        coalesce(told.destination, routes.destination) as shown_destination,
        coalesce(told_cities.hub, routes.to_hub) as shown_hub
    from routes
    left join told on told.n = routes.n and routes.story = 'cloned_with_jitter'
    left join districts on districts.district = told.destination
    left join cities as told_cities on told_cities.city = districts.city
),

outaged as (
    select shown.*, lost.carrier_no is not null as in_outage, late.carrier_no is not null as in_late_outage
    from shown
    left join (select carrier_no, min(from_second) as from_second, max(until_second) as until_second from outages where kind = 'lost' group by carrier_no) as lost
        on lost.carrier_no = shown.carrier_no and shown.collected < lost.until_second and shown.delivered >= lost.from_second
    left join (select carrier_no, min(from_second) as from_second, max(until_second) as until_second from outages where kind = 'late' group by carrier_no) as late
        on late.carrier_no = shown.carrier_no and shown.collected < late.until_second and shown.delivered >= late.from_second
)

select
    * exclude (pattern),
    case
        when pattern <> 'honest' then pattern
        when in_outage then 'honest_feed_loss'
        when in_late_outage then 'honest_late_feed'
        when pickup_lost or ending_lost then 'honest_outlet_feed_loss'
        else pattern
    end as pattern
from outaged
